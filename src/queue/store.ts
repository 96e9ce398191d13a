import type { Delivery } from './delivery'
import type { DeadLetter, DeadLetters, LaneStats, PageOptions, Queue } from './queue'

/** A queue with what stands beside it in the same store. */
export interface Store {
  readonly queue: Queue
  readonly state: State
  readonly waiting: WaitingDeliveries
  readonly tokens: Tokens
  /** What the store knows of an event: where it waits, where it died, how it ended. */
  journey(messageId: string): Promise<Journey>
  /** Closes the queue too. */
  close(): Promise<void>
}

/** What can be read of a store beside the process that owns it. */
export interface StoreReader {
  readonly dead: Pick<DeadLetters, 'list' | 'count' | 'reasons'>
  readonly waiting: Pick<WaitingDeliveries, 'list'>
  readonly state: Pick<State, 'get' | 'keys'>
  stats(): Promise<readonly LaneStats[]>
  journey(messageId: string): Promise<Journey>
  close(): Promise<void>
}

/** Small values that outlive the process: where a run stands, renewed tokens, what a destination remembers. */
export interface State {
  get(key: string): Promise<string | undefined>
  /** Durable as a put when it resolves. */
  set(key: string, value: string): Promise<void>
  /**
   * Sets the value where the present one equals `before` (undefined: where there is none); false where it does not.
   * For what several processes change.
   */
  replace(key: string, before: string | undefined, value: string): Promise<boolean>
  delete(key: string): Promise<void>
  /** Keys that begin with the prefix, sorted. */
  keys(prefix: string): Promise<readonly string[]>
}

export type WaitingState = 'ready' | 'waiting' | 'leased' | 'behind'

/** A delivery that has not ended. */
export type WaitingDelivery = {
  /** Opaque, unique in the store. */
  readonly id: string
  readonly delivery: Delivery
  /** `behind`: an earlier delivery of the same person has not ended. */
  readonly state: WaitingState
  /** Milliseconds since the epoch: when it is due, or when its lease ends. Absent where it is behind another. */
  readonly dueAt?: number
}

/** Which deliveries; absent properties do not restrict. */
export type WaitingFilter = {
  readonly connection?: string
  readonly subscription?: string
  readonly person?: string
  readonly messageId?: string
}

export type WaitingPage = { readonly deliveries: readonly WaitingDelivery[]; readonly next?: string }

/** Looks at what waits, and takes out what stands in the way. */
export interface WaitingDeliveries {
  /** In the order in which they were put, 100 a page by default. */
  list(filter: WaitingFilter, page?: PageOptions): Promise<WaitingPage>
  /**
   * Makes a delivery a dead letter with the reason `SET_ASIDE`, so that the ones behind it go on. Its lease, if one is out,
   * is not valid any more. Resolves with false where it has ended.
   */
  setAside(id: string): Promise<boolean>
}

/** How a delivery ended, as far as the store still knows. */
export type EndedDelivery = {
  readonly connection: string
  readonly subscription: string
  readonly idempotencyKey: string
  /** Milliseconds since the epoch. */
  readonly endedAt: number
  readonly attempts: number
}

export type Journey = {
  readonly waiting: readonly WaitingDelivery[]
  readonly dead: readonly DeadLetter[]
  /** Only within `endedMs` of the store; empty where it keeps none. */
  readonly ended: readonly EndedDelivery[]
}

/** Rates that several workers share. */
export interface Tokens {
  /**
   * Takes up to `count` tokens of a bucket that refills with `perSecond` and holds at most `burst`. `granted` may be 0;
   * `waitMs` says when the next is there. Take them in blocks.
   */
  take(
    bucket: string,
    count: number,
    rate: { readonly perSecond: number; readonly burst: number },
  ): Promise<{ readonly granted: number; readonly waitMs: number }>
}
