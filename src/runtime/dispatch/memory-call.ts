import type { WaitingLine } from '../../delivery/waiting-line'
import type { SegmentEvent } from '../../event'
import type { Outcome, SkipReason, Verdict } from '../../outcome'
import type { ListenerFault } from '../listeners'
import type { OpenSubscription } from '../open/open-subscription'
import { prepareSafely } from '../open/prepare-safely'
import type { Stoppable } from '../stoppable'
import type { ConnectionDispatcher } from './connection-dispatcher'
import type { RetryRules } from './decide'
import type { Dispatcher } from './dispatcher'
import { type Caller, OpenDelivery } from './open-delivery'
import {
  isEvent,
  type Only,
  type Places,
  type Route,
  type RouteListener,
  routeEvent,
  routeNonEvent,
} from './route'
import { interrupted, notAnEvent } from './runtime-verdicts'

/** Who is told what became of the events of a call. */
export type Sink = {
  /** False: `settled` gets no outcomes, so that none have to be made. */
  readonly wantsOutcomes: boolean
  settled(delivery: OpenDelivery, verdict: Verdict, outcome: Outcome | undefined): void
  /** Called instead of `settled` for skips; makes no outcome, for the sake of speed. */
  skipped(
    index: number,
    event: SegmentEvent,
    dispatcher: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    reason: SkipReason,
  ): void
}

/** What the calls of a runtime share. */
export type CallContext = {
  readonly dispatcher: Dispatcher
  /** Change when a connection is added, replaced or removed. */
  routes: readonly Route[]
  places: Places
  readonly retry: RetryRules
  readonly report: ListenerFault
  /** Calls that are under way. */
  readonly calls: WaitingLine<Stoppable>
}

/** One call that hands events over and keeps them in memory until each has its outcomes. */
export class MemoryCall implements Caller, RouteListener {
  /** Deliveries that have no outcome yet. */
  pending = 0
  isInterrupted = false
  readonly retry: RetryRules
  readonly wantsOutcomes: boolean
  private event: SegmentEvent = {}
  private index = 0
  private only: Only | undefined = undefined
  private whenOver: (() => void) | undefined = undefined
  private leaveCalls: (() => void) | undefined = undefined

  /** When `signal` fires, what is not in flight gets the outcome `retry` with the code INTERRUPTED. */
  constructor(
    private readonly context: CallContext,
    private readonly sink: Sink,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.retry = context.retry
    this.wantsOutcomes = sink.wantsOutcomes
    if (signal?.aborted) this.isInterrupted = true
    else signal?.addEventListener('abort', this)
  }

  /** The signal fired. */
  handleEvent(): void {
    this.interrupt()
  }

  /** Sends nothing more; what is in flight ends by itself. */
  interrupt(): void {
    if (this.isInterrupted) return
    this.isInterrupted = true
    if (this.pending > 0) this.context.dispatcher.interrupt(this)
  }

  /** Hands one event to all subscriptions that want it. */
  handOver(event: SegmentEvent, index: number, only?: Only): void {
    this.event = event
    this.index = index
    this.only = only
    if (isEvent(event)) routeEvent(this.context.routes, event, only, this)
    else this.refuse(event)
  }

  private refuse(value: unknown): void {
    routeNonEvent(this.context.routes, this.only, (dispatcher, subscription, place) => {
      this.pending += 1
      dispatcher.refuse(this.deliveryTo(dispatcher, subscription, place, true), notAnEvent(value))
    })
  }

  matched(
    dispatcher: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    isFirstMatch: boolean,
  ): void {
    const delivery = this.deliveryTo(dispatcher, subscription, place, isFirstMatch)
    delivery.payload = prepareSafely(subscription, this.event)
    this.pending += 1
    if (this.isInterrupted) dispatcher.refuse(delivery, interrupted)
    else dispatcher.accept(delivery)
  }

  skipped(
    dispatcher: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    reason: SkipReason,
  ): void {
    this.sink.skipped(this.index, this.event, dispatcher, subscription, place, reason)
  }

  private deliveryTo(
    { connection }: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    isFirstMatch: boolean,
  ): OpenDelivery {
    const { index, event, only } = this
    return new OpenDelivery(
      this,
      index,
      place,
      event,
      connection,
      subscription,
      isFirstMatch,
      only?.idempotencyKey,
    )
  }

  settled(delivery: OpenDelivery, verdict: Verdict, outcome: Outcome | undefined): void {
    this.pending -= 1
    this.sink.settled(delivery, verdict, outcome)
    if (this.pending === 0) this.whenOver?.()
  }

  /** No further events come: undefined when all have ended, else resolves when they have. */
  finish(): Promise<void> | undefined {
    if (this.pending === 0) {
      this.release()
      return undefined
    }
    this.context.dispatcher.flushSoon()
    this.leaveCalls = this.context.calls.enter(this)
    return new Promise((resolve) => {
      this.whenOver = () => {
        this.release()
        resolve()
      }
    })
  }

  private release(): void {
    this.signal?.removeEventListener('abort', this)
    this.leaveCalls?.()
  }
}
