import type { Outcome } from '../outcome'
import type { AttemptRecord, Delivery } from './delivery'

/** What the deliveries of one connection and subscription wait in. */
export type Lane = { readonly connection: string; readonly subscription: string }

/** A delivery that was claimed: it is this worker's until the lease ends. */
export type Claimed = {
  /** `attempt` counts the attempts before this claim: 0 at the first. A lease that ended by itself counts as one. */
  readonly delivery: Delivery
  /** Opaque; fences every later call about this claim. */
  readonly lease: string
  /** Milliseconds since the epoch, by the clock of the store. */
  readonly leaseUntil: number
  /** An earlier lease never ended, or the put-back followed a time-out or reset: the destination may have the event. */
  readonly maybeDone: boolean
}

/** How a claim ends. */
export type Settlement =
  | { readonly lease: string; readonly kind: 'done'; readonly outcome?: Outcome }
  | {
      readonly lease: string
      readonly kind: 'again'
      /** Milliseconds until the delivery is due again. */
      readonly afterMs: number
      /** The attempt may have arrived; the next claim says `maybeDone`. */
      readonly unknown: boolean
      readonly record: AttemptRecord
    }
  | { readonly lease: string; readonly kind: 'dead'; readonly reason: string; readonly outcome: Outcome }
  /** Given back without an attempt (a stop, a block, no room): it does not count as one. Default: due at once. */
  | { readonly lease: string; readonly kind: 'release'; readonly afterMs?: number }

/** A delivery that ended without success, kept until it is replayed, dropped or too old. */
export type DeadLetter = {
  /** Opaque, unique in the store. */
  readonly id: string
  readonly delivery: Delivery
  /** The outcome's code, or its kind where it has none. */
  readonly reason: string
  readonly outcome: Outcome
  /** Milliseconds since the epoch. */
  readonly diedAt: number
}

/** Which dead letters; absent properties do not restrict. */
export type DeadFilter = {
  readonly ids?: readonly string[]
  readonly connection?: string
  readonly subscription?: string
  readonly reason?: string
  readonly messageId?: string
  readonly person?: string
  /** Milliseconds since the epoch: died at or after. */
  readonly since?: number
  /** Milliseconds since the epoch: died before. */
  readonly until?: number
}

/** Dead letters of one lane that died of the same reason. */
export type DeadCount = Lane & { readonly reason: string; readonly count: number }

export type DeadPage = { readonly letters: readonly DeadLetter[]; readonly next?: string }

export type LaneStats = Lane & {
  /** Due now. */
  readonly ready: number
  /** Due later: a retry, or behind an earlier delivery of the same person. */
  readonly waiting: number
  readonly leased: number
  readonly dead: number
  /** Milliseconds since the epoch: when the oldest delivery that has not ended was received. */
  readonly oldestReceivedAt?: number
  /** Milliseconds since the epoch; absent: not held. */
  readonly heldUntil?: number
  /** Why it is held, as `hold` was told. */
  readonly heldBecause?: string
}

/** What the store promises. */
export type Durability = {
  /** A put survives kill -9 of the process. */
  readonly kill: boolean
  /** A put survives a power cut. */
  readonly power: boolean
  /** A put survives the loss of the store's machine. */
  readonly machineLoss: boolean
  /** `durable`: a settlement survives what a put survives. `lazy`: it may be lost, and the delivery is then `maybeDone`. */
  readonly settle: 'durable' | 'lazy' | 'none'
}

/** Where deliveries wait. Knows nothing of destinations. */
export interface Queue {
  /**
   * Takes deliveries in; durable, as `durability` says, when it resolves. A delivery whose idempotency key, connection
   * and subscription are known already is folded; `duplicates` lists their idempotency keys. All deliveries of one call
   * are taken, or none. Deliveries with the same `event` object share one stored body.
   * @throws QueueError QUEUE_FULL, QUEUE_UNAVAILABLE, QUEUE_CLOSED; INVALID_DELIVERY where `problemOf` names a problem.
   */
  put(deliveries: readonly Delivery[], options?: PutOptions): Promise<PutResult>
  /** Due deliveries across lanes, fairly. Waits for work; empty when the signal fires or the queue closes. */
  claim(options: ClaimOptions): Promise<readonly Claimed[]>
  /** Prolongs leases to `leaseMs` from now; resolves with those that are still ours. */
  extend(leases: readonly string[], leaseMs: number): Promise<readonly string[]>
  /** Ends claims. `late`: leases that were not ours any more; nothing was changed for them. */
  settle(items: readonly Settlement[]): Promise<{ readonly late: readonly string[] }>
  /**
   * Gives out nothing of a lane (or, without a subscription, of a connection) until then (milliseconds since the epoch).
   * It outlives the process. Releasing a connection releases its lanes too.
   */
  hold(
    lane: { readonly connection: string; readonly subscription?: string },
    until: number | 'released',
    because?: string,
  ): Promise<void>
  readonly dead: DeadLetters
  stats(): Promise<readonly LaneStats[]>
  readonly durability: Durability
  /** Ends waiting claims; later calls are refused. Leases that are out stay out until they end. */
  close(): Promise<void>
}

export type PutOptions = {
  /** Milliseconds until the deliveries are due. Default 0. */
  readonly delayMs?: number
  /**
   * Names the event of a delivery (for example source and message id). All deliveries of an event whose name an earlier
   * put had are folded, whatever their connections. Decided and remembered in the same commit. Default: no such check.
   */
  readonly eventName?: (delivery: Delivery) => string | undefined
  /**
   * Names a delivery within its lane, in place of its idempotency key, for folding: events of a file that is delivered a
   * second time have their keys of the first. Embedded stores only. Default: the idempotency key.
   */
  readonly deliveryName?: (delivery: Delivery) => string | undefined
}

export type PutResult = { readonly duplicates: readonly string[] }

export type ClaimOptions = {
  readonly max: number
  /** At most this many of one lane. Default: a fair share of `max`. */
  readonly perLane?: number
  /** Lanes that are left out of this claim, and do not wake it. */
  readonly heldLanes?: readonly Lane[]
  readonly leaseMs: number
  readonly signal?: AbortSignal
}

/** Which page of a list: `after` is the `next` of the page before. */
export type PageOptions = { readonly limit?: number; readonly after?: string }

/** What ended without success. */
export interface DeadLetters {
  /** The newest first, 100 a page by default. */
  list(filter: DeadFilter, page?: PageOptions): Promise<DeadPage>
  count(filter: DeadFilter): Promise<number>
  /** Counts by lane and reason; kept with each change, so that asking is cheap. */
  reasons(): Promise<readonly DeadCount[]>
  /**
   * Puts them back, due at once, with their attempts counted anew; resolves with how many.
   * @throws QueueError DEAD_LETTERS_CHANGED when there are not as many as `expected`; nothing is changed then.
   */
  replay(filter: DeadFilter, options?: { readonly expected?: number }): Promise<number>
  /**
   * Deletes them for good; resolves with how many.
   * @throws QueueError DEAD_LETTERS_CHANGED when there are not as many as `expected`; nothing is changed then.
   */
  drop(filter: DeadFilter, options?: { readonly expected?: number }): Promise<number>
}
