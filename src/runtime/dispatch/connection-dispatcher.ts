import type { Limiter } from '../../delivery/limit'
import { createWaitingLine } from '../../delivery/waiting-line'
import type { Verdict } from '../../outcome'
import { InvalidPayload } from '../../pipeline/prepare'
import { withoutNewTokens } from '../open/credentials'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import { type Batcher, createBatcher } from './batch'
import { ConnectionState, type Refusal } from './connection-state'
import type { Decision } from './decide'
import type { DispatchContext } from './dispatcher'
import type { AttemptNotes } from './notes'
import type { Caller, OpenDelivery } from './open-delivery'
import { createOrder, type Order } from './order'
import { attemptRecord, outcomeOf } from './outcome-of'
import type { RoomConnection } from './room'
import { backlogFull, interrupted, invalidPayload, nothingToSend } from './runtime-verdicts'
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
  private readonly batchers = new Map<OpenSubscription, Batcher>()
  private readonly retrying = createWaitingLine<OpenDelivery>()
  private readonly sender: Sender

  constructor(
    readonly connection: OpenConnection,
    private readonly context: DispatchContext,
  ) {
    this.limiter = connection.limiter
    this.maxPending = connection.maxPending
    this.state = new ConnectionState(connection, context.clock)
    this.order = connection.isOrdered ? createOrder((delivery) => this.admit(delivery, false)) : undefined
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
    state.pending += 1
    if (state.pending === maxPending) this.context.noteFull(this, true)
    if (delivery.payload instanceof InvalidPayload) this.settle(delivery, invalidPayload(delivery.payload))
    else if (isOverfull) this.giveBack(delivery, { verdict: backlogFull(maxPending), afterMs: backlogMs })
    else if (order === undefined) this.admit(delivery, true)
    else order.enter(delivery)
  }

  /** Ends a delivery that is not to be attempted. */
  refuse(delivery: OpenDelivery, verdict: Verdict): void {
    this.state.pending += 1
    if (this.state.pending === this.maxPending) this.context.noteFull(this, true)
    this.settle(delivery, verdict)
  }

  /** Sends what waits for company soon: those who handed it over have no more for now. */
  flushSoon(): void {
    for (const batcher of this.batchers.values()) if (batcher.waiting > 0) this.context.flushSoon(batcher)
  }

  /** Ends what a caller has waiting. */
  interrupt(caller: Caller): void {
    for (const delivery of this.take((candidate) => candidate.caller === caller))
      this.giveBack(delivery, { verdict: delivery.lastVerdict ?? interrupted, afterMs: 0 })
  }

  /** By the monotonic clock: since when the delivery waits that has waited longest; undefined where none does. */
  get oldestSince(): number | undefined {
    let oldest: number | undefined
    this.take(({ waitsSince, firstAttemptAt }) => {
      const since = firstAttemptAt || waitsSince
      if (since > 0 && since < (oldest ?? Number.POSITIVE_INFINITY)) oldest = since
      return false
    })
    return oldest
  }

  /** Takes out everything that waits and passes the test: its caller and its place among the pending stay. */
  private take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[] {
    const taken = this.retrying.take(test)
    for (const delivery of taken) delivery.stopWaiting?.()
    this.state.retrying -= taken.length
    const { order, sender } = this
    for (const batcher of this.batchers.values()) taken.push(...batcher.take(test))
    taken.push(...sender.take(test))
    if (order !== undefined) taken.push(...order.take(test))
    return taken
  }

  private admit(delivery: OpenDelivery, isFresh: boolean): void {
    const refusal = isFresh && !this.state.isGuarded ? undefined : this.state.refusal(delivery)
    if (refusal !== undefined) {
      this.giveBack(delivery, refusal)
      return
    }
    const { subscription } = delivery
    if (subscription.batch === undefined) {
      this.sender.sendOne(delivery)
      return
    }
    const batcher = this.batcherOf(subscription, subscription.batch)
    batcher.add(delivery)
    if (!isFresh && batcher.waiting > 0) this.context.flushSoon(batcher)
  }

  private batcherOf(subscription: OpenSubscription, policy: NonNullable<OpenSubscription['batch']>): Batcher {
    let batcher = this.batchers.get(subscription)
    if (batcher === undefined) {
      batcher = createBatcher({
        policy,
        batchKeys: subscription.batchKeys,
        release: (deliveries) => this.sendBatch(deliveries),
        after: this.context.clock.after,
      })
      this.batchers.set(subscription, batcher)
    }
    return batcher
  }

  private sendBatch(deliveries: readonly OpenDelivery[]): void {
    const { state } = this
    if (!state.isGuarded) {
      if (isFilled(deliveries)) this.sender.sendBatch(deliveries)
      return
    }
    const sendable = deliveries.filter((delivery) => {
      const refusal = state.refusal(delivery)
      if (refusal !== undefined) this.giveBack(delivery, refusal)
      return refusal === undefined
    })
    if (isFilled(sendable)) this.sender.sendBatch(sendable)
  }

  /** Smaller batches may pass; no later one is as large either. */
  tooLarge(deliveries: Deliveries): void {
    const half = Math.ceil(deliveries.length / 2)
    for (const delivery of deliveries) delivery.tooLargeBatch ||= deliveries.length
    this.batchers.get(deliveries[0].subscription)?.shrink(half)
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
    const afterMs = this.waitOf(delivery, decision)
    if (decision.step === 'renew') this.renew(delivery, verdict, notes, position)
    else if (afterMs !== undefined && (store !== undefined || !isInterrupted))
      this.putBack(delivery, verdict, afterMs)
    else this.settle(delivery, verdict, notes, position)
  }

  /** Milliseconds after which a delivery is tried again. One that is blocked waits in its store until somebody puts that right. */
  private waitOf(delivery: OpenDelivery, decision: Decision): number | undefined {
    if (decision.step === 'putBack') return decision.afterMs
    const { caller, firstAttemptAt, subscription } = delivery
    if (decision.step !== 'block' || caller.store === undefined) return undefined
    const isTooLate = this.context.clock.monotonic() - firstAttemptAt > caller.retry.forMs
    return isTooLate ? undefined : this.state.blocks.check(subscription.action)?.afterMs
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
      this.waitAndAdmit(delivery, afterMs)
    } else {
      this.over(delivery)
      caller.store.putBack(delivery, outcome, heldMs(verdict, afterMs), record)
    }
    on.retry?.(outcome, afterMs)
  }

  private waitAndAdmit(delivery: OpenDelivery, afterMs: number): void {
    const { retrying, state } = this
    const leave = retrying.enter(delivery)
    state.retrying += 1
    const cancel = this.context.clock.after(afterMs, () => {
      if (!leave()) return
      state.retrying -= 1
      delivery.stopWaiting = undefined
      this.admit(delivery, false)
    })
    delivery.stopWaiting = () => {
      delivery.stopWaiting = undefined
      cancel()
    }
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
    const { on } = this.context
    this.over(delivery)
    const isHeard = on.outcome !== undefined && verdict.kind !== 'skipped'
    const outcome =
      isHeard || caller.wantsOutcomes ? outcomeOf(delivery, verdict, notes?.about(position)) : undefined
    if (isHeard && outcome !== undefined) on.outcome?.(outcome, delivery.event)
    caller.settled(delivery, verdict, outcome)
    this.context.noteEnd()
  }

  /** The delivery is not here any more. */
  private over(delivery: OpenDelivery): void {
    const { state, order, maxPending } = this
    state.pending -= 1
    if (state.pending === maxPending - 1) this.context.noteFull(this, false)
    order?.leave(delivery)
  }
}

/**
 * What is blocked is kept back by the hold on its connection. When that is let go, since the credentials were put right, it
 * has to go at once.
 */
const heldMs = (verdict: Verdict, afterMs: number): number =>
  verdict.kind === 'blocked' ? Math.min(afterMs, 1_000) : afterMs
