import type { SegmentEvent } from '../../event'
import type { Outcome, Verdict } from '../../outcome'
import type { AttemptRecord } from '../../queue/delivery'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import { prepareSafely } from '../open/prepare-safely'
import type { RetryRules } from './decide'
import { idempotencyKey } from './idempotency-key'
import type { Turn } from './order'

/** Who handed deliveries over and is told what became of them: one call of `send`, of `stream`, or of `work`. */
export type Caller = {
  /** False: `settled` gets no outcomes, so that none have to be made. */
  readonly wantsOutcomes: boolean
  /** Nothing more is to be sent. */
  readonly isInterrupted: boolean
  readonly retry: RetryRules
  settled(delivery: OpenDelivery, verdict: Verdict, outcome: Outcome | undefined): void
  /** Present where deliveries wait in a store, and not here. */
  readonly store?: {
    putBack(delivery: OpenDelivery, outcome: Outcome, afterMs: number, record: AttemptRecord): void
    /** Gives a delivery back without an attempt; it is due after so many milliseconds. */
    release(delivery: OpenDelivery, afterMs: number): void
  }
}

/**
 * A delivery in the hands of the dispatcher: an event, its open connection and subscription, and where it stands. What
 * costs time (the key, the record as plain data) is made when it is first asked for.
 */
export class OpenDelivery {
  payload: unknown = undefined
  /** Attempts begun. */
  attempt = 0
  /** By the monotonic clock, of the first attempt; meaningless before it. */
  firstAttemptAt = 0
  /** By the monotonic clock; 0 for an attempt that ended as soon as it began. */
  attemptStartedAt = 0
  /** By the monotonic clock; 0 while an attempt is under way, and where it ended as soon as it began. */
  attemptEndedAt = 0
  /** By the monotonic clock: since when it waits for anything; 0 where it never had to. */
  waitsSince = 0
  /** The access token of the latest attempt, to tell whether it has been replaced since. */
  accessToken: string | undefined = undefined
  hasRenewed = false
  history: AttemptRecord[] | undefined = undefined
  /** Of the attempt before, where there will be another. */
  lastVerdict: Verdict | undefined = undefined
  /** How many were in the first batch that the destination found too large; 0: none was. */
  tooLargeBatch = 0
  turn: Turn | undefined = undefined
  stopWaiting: (() => void) | undefined = undefined
  /** By the monotonic clock: when it is tried again, where it waits for that. */
  dueAt = 0

  constructor(
    readonly caller: Caller,
    /** Position of the event in what the caller handed over. */
    readonly index: number,
    /** Position of the subscription among all of the runtime. */
    readonly place: number,
    readonly event: SegmentEvent,
    public connection: OpenConnection,
    public subscription: OpenSubscription,
    /** Whether no earlier subscription of the connection wants the event. */
    private readonly isFirstMatch: boolean,
    /** The key of earlier attempts, where there were some. */
    private key: string | undefined,
  ) {}

  get idempotencyKey(): string {
    this.key ??= idempotencyKey(this.event, this.isFirstMatch, this.subscription.name)
    return this.key
  }

  /** An attempt begins. */
  begin(): void {
    this.attempt += 1
    this.attemptStartedAt = 0
    this.attemptEndedAt = 0
    this.accessToken = this.connection.credentials.auth.accessToken
  }

  /** When it began, by the monotonic clock; told of attempts alone whose duration matters, since asking costs time. */
  startedAt(now: number): void {
    this.attemptStartedAt = now
    if (this.attempt === 1) this.firstAttemptAt = now
  }

  /** Goes on at the connection that takes the place of its own; false where that does not have its subscription. */
  moveTo(connection: OpenConnection): boolean {
    const subscription = connection.subscriptions.find(({ name }) => name === this.subscription.name)
    if (subscription === undefined || !subscription.isEnabled) return false
    this.connection = connection
    this.subscription = subscription
    this.payload = prepareSafely(subscription, this.event)
    return true
  }
}
