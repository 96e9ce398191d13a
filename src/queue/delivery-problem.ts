import { QueueError } from '../errors'
import type { SegmentEvent } from '../event'
import type { Delivery } from './delivery'

const ids = ['idempotencyKey', 'connection', 'subscription'] as const
const numbers = ['attempt', 'receivedAt', 'firstAttemptAt'] as const

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
  for (const number of numbers)
    if (!Number.isSafeInteger(delivery[number]))
      return { path: number, message: `must be a whole number, but is ${String(delivery[number])}` }
  if (delivery.person !== undefined && typeof delivery.person !== 'string')
    return { path: 'person', message: `must be a string or absent, but is ${typeof delivery.person}` }
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

/**
 * The event as it is stored.
 * @throws QueueError INVALID_DELIVERY where it is not JSON: a bigint, or an object that holds itself.
 */
export function eventBody(event: SegmentEvent, index: number): string {
  const path = `deliveries[${index}].event`
  try {
    const body = JSON.stringify(event) as string | undefined
    if (body !== undefined) return body
  } catch (cause) {
    throw new QueueError('INVALID_DELIVERY', `is not JSON: ${(cause as Error).message}`, { path, cause })
  }
  throw new QueueError('INVALID_DELIVERY', `must be an object, but is ${typeof event}`, { path })
}
