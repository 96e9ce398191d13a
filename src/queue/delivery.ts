import type { SegmentEvent } from '../event'
import type { OutcomeKind } from '../outcome'

/** One earlier attempt at a delivery, as dead letters and reports tell it. */
export type AttemptRecord = {
  readonly attempt: number
  /** ISO 8601. */
  readonly at: string
  readonly kind: OutcomeKind
  readonly code?: string
  readonly status?: number
  readonly message?: string
  /** Milliseconds until the next attempt. */
  readonly nextAfterMs?: number
}

/** One event on its way through one subscription. Plain data: it can be stored and taken up by another process. */
export type Delivery = {
  readonly event: SegmentEvent
  /** Name of the connection. */
  readonly connection: string
  /** Name of the subscription. */
  readonly subscription: string
  /** The same through every attempt, regrouping and restart. */
  readonly idempotencyKey: string
  /** Attempts begun so far. */
  readonly attempt: number
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
  /** Milliseconds since the epoch; 0 before the first attempt. */
  readonly firstAttemptAt: number
  /** Earlier attempts, oldest first. */
  readonly history: readonly AttemptRecord[]
  /** Deliveries of one connection with an equal person are made one after another. Absent: no order. */
  readonly person?: string
}
