import { QueueError } from '../errors'
import type { Delivery } from './delivery'

const ids = ['idempotencyKey', 'connection', 'subscription'] as const

/**
 * Why no store can keep this delivery, or undefined where all can. Ask before a put: one bad delivery makes the whole
 * call fail. That the event is JSON is seen at the put alone.
 */
export function problemOf(
  delivery: Delivery,
): { readonly path: string; readonly message: string } | undefined {
  for (const id of ids) {
    const value: unknown = delivery[id]
    if (typeof value !== 'string')
      return {
        path: id,
        message: `must be a string, but is ${value === null ? 'null' : typeof value}`,
      }
    if (value.includes('\0'))
      return { path: id, message: 'holds the character U+0000, which databases cannot keep; leave it out' }
  }
  return undefined
}

/** @throws QueueError INVALID_DELIVERY that names the first delivery that cannot be kept, and its property. */
export function checkDeliveries(deliveries: readonly Delivery[]): void {
  deliveries.forEach((delivery, index) => {
    const problem = problemOf(delivery)
    if (problem !== undefined)
      throw new QueueError('INVALID_DELIVERY', problem.message, {
        path: `deliveries[${index}].${problem.path}`,
      })
  })
}
