import type { Outcome, Verdict } from '../../outcome'
import type { AttemptRecord, Delivery } from '../../queue/delivery'
import type { OpenSubscription } from '../open/open-subscription'
import { prepareSafely } from '../open/prepare-safely'
import type { RunningClock } from '../system-clock'
import type { ConnectionDispatcher } from './connection-dispatcher'
import type { RetryRules } from './decide'
import type { Dispatcher } from './dispatcher'
import { type Caller, OpenDelivery } from './open-delivery'
import { maybeDone } from './runtime-verdicts'

/** A delivery that waits elsewhere, and how it ends here: exactly one of the three is called, once. */
export type Ticket = {
  readonly delivery: Delivery
  /** The destination may have it from an earlier attempt whose end nobody saw. */
  readonly maybeDone?: boolean
  /** It has ended. */
  settle(outcome: Outcome): void
  /** It is to be tried again. */
  putBack(outcome: Outcome, afterMs: number, record: AttemptRecord): void
  /** It was not attempted. */
  release(afterMs: number): void
}

/** Hands tickets to the dispatcher until it is stopped. */
export class TicketCaller implements Caller {
  readonly wantsOutcomes = true
  isInterrupted = false
  private readonly tickets = new Map<OpenDelivery, Ticket>()
  private whenEmpty: (() => void) | undefined

  constructor(
    private readonly context: { readonly dispatcher: Dispatcher; readonly clock: RunningClock },
    readonly retry: RetryRules,
  ) {}

  /** Tickets whose end is open. */
  get pending(): number {
    return this.tickets.size
  }

  /** False where the configuration has no such subscription, or has it turned off: the ticket is not taken. */
  accept(ticket: Ticket): boolean {
    const { delivery } = ticket
    const dispatcher = this.context.dispatcher.of(delivery.connection)
    const subscription = dispatcher?.connection.subscriptions.find(
      ({ name }) => name === delivery.subscription,
    )
    if (dispatcher === undefined || subscription === undefined || !subscription.isEnabled) return false
    const open = this.open(ticket, dispatcher, subscription)
    this.tickets.set(open, ticket)
    const { idempotent } = dispatcher.connection.destination
    if (ticket.maybeDone && idempotent !== true && !this.retry.allowDuplicates)
      dispatcher.refuse(open, maybeDone)
    else {
      open.payload = prepareSafely(subscription, delivery.event)
      dispatcher.accept(open)
    }
    return true
  }

  private open(
    { delivery }: Ticket,
    { connection }: ConnectionDispatcher,
    subscription: OpenSubscription,
  ): OpenDelivery {
    const { event, idempotencyKey, attempt, firstAttemptAt, history } = delivery
    const { clock } = this.context
    const open = new OpenDelivery(this, 0, 0, event, connection, subscription, true, idempotencyKey)
    open.attempt = attempt
    // A clock that was set back makes no delivery younger than it is.
    const ageMs = Math.max(0, clock.now() - firstAttemptAt)
    if (attempt > 0 && firstAttemptAt > 0) open.firstAttemptAt = clock.monotonic() - ageMs
    if (history.length > 0) open.history = [...history]
    return open
  }

  settled(delivery: OpenDelivery, _verdict: Verdict, outcome: Outcome | undefined): void {
    this.take(delivery)?.settle(outcome as Outcome)
  }

  readonly store = {
    putBack: (delivery: OpenDelivery, outcome: Outcome, afterMs: number, record: AttemptRecord): void =>
      this.take(delivery)?.putBack(outcome, afterMs, record),
    release: (delivery: OpenDelivery, afterMs: number): void => this.take(delivery)?.release(afterMs),
  }

  private take(delivery: OpenDelivery): Ticket | undefined {
    const ticket = this.tickets.get(delivery)
    this.tickets.delete(delivery)
    if (this.tickets.size === 0) this.whenEmpty?.()
    return ticket
  }

  /** Gives back what waits; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.isInterrupted = true
    this.context.dispatcher.interrupt(this)
    if (this.tickets.size > 0)
      await new Promise<void>((resolve) => {
        this.whenEmpty = resolve
      })
  }
}
