import type { Outcome } from 'waybill'
import type { Claimed, Delivery, Lane, Queue } from 'waybill/queue'
import type { TestFramework } from '../harness/test-framework'

/** What a case of the queue's contract works with. */
export type QueueBench = {
  readonly queue: Queue
  /** A second opening of the same store, where it has several; else the same queue. */
  another(): Promise<Queue>
  readonly expect: TestFramework['expect']
  /** Lets time pass for the store. */
  advance(ms: number): Promise<void>
  /** Claims until there are `count`; fails after some seconds. */
  claim(count: number, options?: ClaimWishes): Promise<Claimed[]>
  /** Claims that must find nothing. */
  expectNothing(options?: ClaimWishes): Promise<void>
}

export type ClaimWishes = {
  readonly perLane?: number
  readonly heldLanes?: readonly Lane[]
  readonly leaseMs?: number
  readonly queue?: Queue
}

export type QueueCase = {
  /** What every queue promises, as a sentence. */
  readonly promise: string
  readonly check: (bench: QueueBench) => Promise<void>
}

/** The length of leases in cases, in milliseconds. */
export const leaseMs = 1000

let lastKey = 0

/** A delivery with an idempotency key of its own. */
export function delivery(properties: Partial<Delivery> = {}): Delivery {
  lastKey += 1
  const key = properties.idempotencyKey ?? `key-${lastKey}`
  return {
    event: {
      type: 'track',
      messageId: `message-${key}`,
      event: 'Order Completed',
      properties: { total: 9.5 },
    },
    connection: 'shop',
    subscription: 'orders',
    idempotencyKey: key,
    attempt: 0,
    receivedAt: 1_767_225_600_000,
    firstAttemptAt: 0,
    history: [],
    ...properties,
  }
}

export const deliveries = (count: number, properties: Partial<Delivery> = {}): Delivery[] =>
  Array.from({ length: count }, () => delivery(properties))

/** The outcome of a claimed delivery that the destination refused for good. */
export const refusal = (
  { delivery: { connection, subscription, event } }: Claimed,
  kind: 'rejected' | 'unknown' = 'rejected',
  code = 'HTTP_400',
): Outcome => ({
  kind,
  index: 0,
  ...(event.messageId !== undefined && { messageId: event.messageId }),
  connection,
  subscription,
  attempt: 1,
  durationMs: 12,
  owner: 'destination',
  code,
  message: 'the destination refused the event',
})

/** Makes dead letters of claims. */
export const bury = (
  queue: Queue,
  claims: readonly Claimed[],
  kind?: 'rejected' | 'unknown',
  code = 'HTTP_400',
) =>
  queue.settle(
    claims.map((claim) => ({
      lease: claim.lease,
      kind: 'dead',
      reason: code,
      outcome: refusal(claim, kind, code),
    })),
  )

export const finish = (queue: Queue, claims: readonly Claimed[]) =>
  queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))

/** Puts a claim back after a failed attempt. */
export const putBack = (queue: Queue, { lease }: Claimed, afterMs: number, unknown = false) =>
  queue.settle([
    {
      lease,
      kind: 'again',
      afterMs,
      unknown,
      record: {
        attempt: 1,
        at: '2026-01-01T00:00:00.000Z',
        kind: unknown ? 'unknown' : 'retry',
        status: 503,
      },
    },
  ])

export const keysOf = (claims: readonly { readonly delivery: Delivery }[]): string[] =>
  claims.map(({ delivery: { idempotencyKey } }) => idempotencyKey)

/** The code of the error that a call is refused with; undefined when it is not refused. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return undefined
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
