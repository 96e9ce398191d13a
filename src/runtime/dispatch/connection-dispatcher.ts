import type { Limiter } from '../../delivery/limit'
import type { Verdict } from '../../outcome'
import { InvalidPayload } from '../../pipeline/prepare'
import { withoutNewTokens } from '../open/credentials'
import type { OpenConnection } from '../open/open-connection'
import { type Batches, createBatches } from './batches'
import { ConnectionState, type Refusal } from './connection-state'
import type { Decision } from './decide'
import type { DispatchContext } from './dispatcher'
import type { AttemptNotes } from './notes'
import type { Caller, OpenDelivery } from './open-delivery'
import { createOrder, type Order } from './order'
import { attemptRecord, outcomeOf } from './outcome-of'
import { createRetries, type Retries } from './retries'
import type { RoomConnection } from './room'
import {
  backlogFull,
  connectionRemoved,
  interrupted,
  invalidPayload,
  nothingToSend,
} from './runtime-verdicts'
import { type Deliveries, isFilled, Sender, type SenderListener } from './sender'

/** Milliseconds after which a delivery is brought again that a connection had no room for. */
const backlogMs = 1_000

/**
 * The deliveries of one connection, from their acceptance to their outcome: order, batch, send, then settle or put back.
 * Lives as long as its connection, whoever hands deliveries over.
 */
export class ConnectionDispatcher implements RoomConnection, SenderListener {
  readonly state: ConnectionState
  readonly limiter: Limiter
  readonly maxPending: number
  private readonly order: Order | undefined
  private readonly batches: Batches
  private readonly retries: Retries
  private readonly sender: Sender
  /** Set when the connection was removed, or replaced by another. */
  private retirement: { readonly successor: ConnectionDispatcher | undefined } | undefined
  private whenEmpty: (() => void) | undefined

  /** `order`: that of the connection whose place this one takes, since its deliveries may still be under way. */
  constructor(
    readonly connection: OpenConnection,
    private readonly context: DispatchContext,
    order?: Order,
  ) {
    this.limiter = connection.limiter
    this.maxPending = connection.maxPending
    this.state = new ConnectionState(connection, context.clock)
    this.order = connection.isOrdered ? (order ?? createOrder()) : undefined
    this.order?.startWith((delivery) => this.admit(delivery, false))
    this.retries = createRetries(context.clock, this.state, (delivery) => this.admit(delivery, false))
    this.batches = createBatches(context, (deliveries) => this.sendBatch(deliveries))
    this.sender = new Sender(connection, this.state, context, this)
  }

  get pending(): number {
    return this.state.pending
  }
  get isStuck(): boolean {
    return this.state.isStuck
  }
  get mayBeStuck(): boolean {
    return this.state.retrying > 0 || this.state.isGuarded
  }

  accept(delivery: OpenDelivery): void {
    const { state, maxPending, order } = this
    const isOverfull = state.pending >= maxPending && state.isOverfull
    this.entered()
    if (delivery.payload instanceof InvalidPayload) this.settle(delivery, invalidPayload(delivery.payload))
    else if (isOverfull) this.giveBack(delivery, { verdict: backlogFull(maxPending), afterMs: backlogMs })
    else if (order === undefined) this.admit(delivery, true)
    else order.enter(delivery)
  }

  /** Ends a delivery that is not to be attempted. */
  refuse(delivery: OpenDelivery, verdict: Verdict): void {
    this.entered()
    this.settle(delivery, verdict)
  }

  /** Ends what a caller has waiting. */
  interrupt(caller: Caller): void {
    for (const delivery of this.take((candidate) => candidate.caller === caller))
      this.giveBack(delivery, { verdict: delivery.lastVerdict ?? interrupted, afterMs: 0 })
  }

  /** Shows everything that waits. */
  eachWaiting(visit: (delivery: OpenDelivery) => void): void {
    this.take((delivery) => {
      visit(delivery)
      return false
    })
  }

  /** Takes out everything that waits and passes the test: its caller and its place among the pending stay. */
  private take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[] {
    return [
      ...this.retries.take(test),
      ...this.batches.take(test),
      ...this.sender.take(test),
      ...(this.order?.take(test) ?? []),
    ]
  }

  private admit(delivery: OpenDelivery, isFresh: boolean): void {
    if (this.retirement !== undefined) this.handOn(delivery)
    else if ((!isFresh || this.state.isGuarded) && this.isRefused(delivery)) return
    else if (delivery.subscription.batch === undefined) this.sender.sendOne(delivery)
    else this.batches.add(delivery, isFresh)
  }

  private sendBatch(deliveries: readonly OpenDelivery[]): void {
    const sendable = this.state.isGuarded ? deliveries.filter((each) => !this.isRefused(each)) : deliveries
    if (isFilled(sendable)) this.sender.sendBatch(sendable)
  }

  /** Gives back what may not be sent now. */
  private isRefused(delivery: OpenDelivery): boolean {
    const refusal = this.state.refusal(delivery)
    if (refusal !== undefined) this.giveBack(delivery, refusal)
    return refusal !== undefined
  }

  /** Smaller batches may pass; no later one is as large either. */
  tooLarge(deliveries: Deliveries): void {
    const half = Math.ceil(deliveries.length / 2)
    for (const delivery of deliveries) delivery.tooLargeBatch ||= deliveries.length
    this.batches.shrink(deliveries[0].subscription, half)
    this.sendBatch(deliveries.slice(0, half))
    this.sendBatch(deliveries.slice(half))
  }

  /** The destination refuses, or asks to wait: what may not or cannot wait is given back. */
  slowed(): void {
    const refusals = new Map<OpenDelivery, Refusal>()
    const waiting = this.take((delivery) => {
      // What waits for its next attempt is asked again then.
      if (delivery.stopWaiting !== undefined) return false
      const refusal = this.state.refusal(delivery)
      if (refusal !== undefined) refusals.set(delivery, refusal)
      return refusal !== undefined
    })
    for (const delivery of waiting) this.giveBack(delivery, refusals.get(delivery) as Refusal)
    this.context.changed()
  }

  /** Sends nothing until `resume`: what waits in memory ends where it cannot wait as long. */
  hold(by: string | undefined): void {
    this.state.hold(by)
    this.slowed()
  }

  /** Ends every pause, and lets one delivery through a block. */
  tryNow(): void {
    this.state.tryNow()
    this.context.changed()
  }

  ended(
    delivery: OpenDelivery,
    verdict: Verdict,
    decision: Decision,
    notes: AttemptNotes,
    position: number,
  ): void {
    if (decision.step === 'settle') {
      const isNothing = verdict.kind === 'delivered' && notes.isNothingToSend(position)
      this.settle(delivery, isNothing ? nothingToSend : verdict, notes, position)
      return
    }
    const { isInterrupted, store } = delivery.caller
    const afterMs = this.state.waitOf(delivery, decision)
    if (decision.step === 'renew') this.renew(delivery, verdict, notes, position)
    else if (afterMs !== undefined && (store !== undefined || !isInterrupted))
      this.putBack(delivery, verdict, afterMs)
    else this.settle(delivery, verdict, notes, position)
  }

  private putBack(delivery: OpenDelivery, verdict: Verdict, afterMs: number): void {
    const { clock, on } = this.context
    const { caller } = delivery
    const outcome = outcomeOf(delivery, verdict, undefined)
    const record = attemptRecord(outcome, clock.now(), afterMs)
    if (caller.store === undefined) {
      delivery.history ??= []
      delivery.history.push(record)
      delivery.lastVerdict = verdict
      this.retry(delivery, afterMs)
    } else {
      this.over(delivery)
      caller.store.putBack(delivery, outcome, heldMs(verdict, afterMs), record)
    }
    on.retry?.(outcome, afterMs)
  }

  private retry(delivery: OpenDelivery, afterMs: number): void {
    if (this.retirement === undefined) this.retries.wait(delivery, afterMs)
    else this.handOn(delivery, afterMs)
  }

  private renew(delivery: OpenDelivery, verdict: Verdict, notes: AttemptNotes, position: number): void {
    delivery.hasRenewed = true
    this.connection.credentials.renew(delivery.accessToken).then((renewal) => {
      if (renewal.isRenewed) this.admit(delivery, false)
      else this.sender.conclude(delivery, withoutNewTokens(verdict, renewal.reason), notes, position)
    })
  }

  /** Ends a delivery that was not attempted, or leaves it to its store. */
  private giveBack(delivery: OpenDelivery, { verdict, afterMs }: Refusal): void {
    const { store } = delivery.caller
    if (store === undefined) this.settle(delivery, verdict)
    else {
      this.over(delivery)
      store.release(delivery, heldMs(verdict, afterMs))
    }
  }

  private settle(delivery: OpenDelivery, verdict: Verdict, notes?: AttemptNotes, position = 0): void {
    const { caller } = delivery
    const { on, noteEnd } = this.context
    this.over(delivery)
    const heard = verdict.kind === 'skipped' ? undefined : on.outcome
    const isMade = heard !== undefined || caller.wantsOutcomes
    const outcome = isMade ? outcomeOf(delivery, verdict, notes?.about(position)) : undefined
    if (outcome !== undefined) heard?.(outcome, delivery.event)
    caller.settled(delivery, verdict, outcome)
    noteEnd()
  }

  /** The delivery is not here any more. */
  private over(delivery: OpenDelivery): void {
    this.left()
    this.order?.leave(delivery)
  }

  private left(): void {
    const { state, maxPending } = this
    state.pending -= 1
    if (state.pending === maxPending - 1) this.context.noteFull(this, false)
    if (state.pending === 0) this.whenEmpty?.()
  }

  private entered(): void {
    this.state.pending += 1
    if (this.state.pending === this.maxPending) this.context.noteFull(this, true)
  }

  /**
   * Takes nothing more. What waits goes on at the connection that takes this one's place, or ends where none does; what is
   * in flight ends here. Resolves when it has.
   */
  async retire(makeSuccessor: (order: Order | undefined) => ConnectionDispatcher | undefined): Promise<void> {
    const { order, state, context } = this
    const successor = makeSuccessor(order)
    this.retirement = { successor }
    const now = context.clock.monotonic()
    const inLine = order?.take(() => true) ?? []
    for (const delivery of this.take(() => true)) {
      const leftMs = delivery.dueAt - now
      this.handOn(delivery, leftMs > 0 ? leftMs : undefined)
    }
    // Behind those of their person that were before them.
    for (const delivery of inLine) this.handOn(delivery, undefined, true)
    context.noteFull(this, false)
    if (state.pending > 0)
      await new Promise<void>((resolve) => {
        this.whenEmpty = resolve
      })
  }

  private handOn(delivery: OpenDelivery, afterMs?: number, isInLine = false): void {
    const successor = this.retirement?.successor
    if (successor?.adopt(delivery, afterMs, isInLine)) this.left()
    else this.giveBack(delivery, { verdict: connectionRemoved, afterMs: 0 })
  }

  /** False where there is no such subscription, or it is turned off. */
  private adopt(delivery: OpenDelivery, afterMs: number | undefined, isInLine: boolean): boolean {
    if (!delivery.moveTo(this.connection)) return false
    this.entered()
    if (delivery.payload instanceof InvalidPayload) this.settle(delivery, invalidPayload(delivery.payload))
    else if (afterMs !== undefined) this.retry(delivery, afterMs)
    else if (isInLine && this.order !== undefined) this.order.enter(delivery)
    else this.admit(delivery, false)
    return true
  }
}

/**
 * What is blocked is kept back by the hold on its connection. When that is let go, since the credentials were put right, it
 * has to go at once.
 */
const heldMs = (verdict: Verdict, afterMs: number): number =>
  verdict.kind === 'blocked' ? Math.min(afterMs, 1_000) : afterMs
