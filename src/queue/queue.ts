import type { Outcome } from '../outcome'
import type { AttemptRecord, Delivery } from './delivery'

/** What the deliveries of one connection and subscription wait in. */
export type Lane = { readonly connection: string; readonly subscription: string }

/** A delivery that was claimed: it is this worker's until the lease ends. */
export type Claimed = {
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
  | { readonly lease: string; readonly kind: 'done' }
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

/** Which dead letters; absent members do not restrict. */
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
   * and subscription are known already is folded and listed. All deliveries of one call are taken, or none.
   * @throws QueueError QUEUE_FULL, QUEUE_UNAVAILABLE, QUEUE_CLOSED; INVALID_DELIVERY for an id that holds NUL.
   */
  put(
    deliveries: readonly Delivery[],
    options?: { readonly delayMs?: number },
  ): Promise<{ readonly duplicates: readonly string[] }>
  /** Due deliveries across lanes, fairly. Waits for work; empty when the signal fires or the queue closes. */
  claim(options: {
    readonly max: number
    /** At most this many of one lane. */
    readonly perLane?: number
    /** Lanes that are left out. */
    readonly heldLanes?: readonly Lane[]
    readonly leaseMs: number
    readonly signal?: AbortSignal
  }): Promise<readonly Claimed[]>
  /** Prolongs leases; resolves with those that are still ours. */
  extend(leases: readonly string[], leaseMs: number): Promise<readonly string[]>
  /** Ends claims. `late`: leases that were not ours any more; nothing was changed for them. */
  settle(items: readonly Settlement[]): Promise<{ readonly late: readonly string[] }>
  /** Gives out nothing of a lane (or, without a subscription, of a connection) until then (milliseconds since the epoch). */
  hold(
    lane: { readonly connection: string; readonly subscription?: string },
    until: number | 'released',
  ): Promise<void>
  readonly dead: {
    list(filter: DeadFilter, page?: { readonly limit?: number; readonly after?: string }): Promise<DeadPage>
    count(filter: DeadFilter): Promise<number>
    /** Puts them back, due at once; resolves with how many. */
    replay(filter: DeadFilter): Promise<number>
    drop(filter: DeadFilter): Promise<number>
  }
  stats(): Promise<readonly LaneStats[]>
  readonly durability: Durability
  /** Leases that are out stay out until they end. */
  close(): Promise<void>
}
