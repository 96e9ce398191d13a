import type { Limiter } from '../../delivery/limit'
import { nextAttemptMs, type RetryPolicy } from '../../delivery/retry'
import { createWaitingLine, type WaitingLine } from '../../delivery/waiting-line'
import type { SegmentEvent } from '../../event'
import type { Outcome, SkipReason, Verdict } from '../../outcome'
import { type Batcher, createBatcher } from '../../pipeline/batch'
import { InvalidPayload } from '../../pipeline/prepare'
import { withoutNewTokens } from '../open/credentials'
import { limiterOf, type OpenConnection, pauseUntil } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import type { Clock, RuntimeListeners } from '../options'
import { attemptBatch, attemptOne } from './attempt'
import { batchGroup } from './batch-group'
import { blockConnection, blockedVerdict } from './block'
import { attemptRecord, Item, outcomeOf } from './item'
import { personKeys } from './lanes'
import type { AttemptNotes } from './notes'

/** Who is told what became of the events of a run. */
export type Sink = {
  /** False: `settled` gets no outcomes, so that none have to be made. */
  readonly wantsOutcomes: boolean
  settled(item: Item, verdict: Verdict, outcome: Outcome | undefined): void
  /** Called instead of `settled` for skips; makes no outcome, for the sake of speed. */
  skipped(
    index: number,
    event: SegmentEvent,
    connection: OpenConnection,
    subscription: OpenSubscription,
    reason: SkipReason,
  ): void
}

/** What all runs of a runtime share. */
export type DeliveryContext = {
  readonly connections: readonly OpenConnection[]
  readonly clock: Clock
  readonly random: () => number
  readonly retry: RetryPolicy & { readonly allowDuplicates: boolean }
  readonly on: RuntimeListeners
}

/** Restricts an event to some of the subscriptions, by connection and name. */
export type Only = {
  readonly connection: string
  readonly subscription?: string | undefined
  /** The key of the earlier attempts, so that the destination recognizes them. */
  readonly idempotencyKey?: string | undefined
}

/** Items of one subscription that are sent by one call. */
type Items = readonly [Item, ...Item[]]

/** One call of `send` or `stream`: the events handed over together, until each has its outcomes. */
export class DeliveryRun {
  /** Event-subscription pairs that have no outcome yet. */
  pending = 0
  private inFlight = 0
  private isFinishing = false
  private waiter: { readonly limit: number; readonly task: () => void } | undefined
  private batchers: Map<OpenSubscription, Batcher<Item>> | undefined
  /** What has to be called when the run is interrupted. */
  private interrupts: WaitingLine<() => void> | undefined
  private readonly clock: Clock
  private readonly on: RuntimeListeners

  /** When `signal` fires, what is not in flight gets the outcome `retry` with the code INTERRUPTED. */
  constructor(
    private readonly context: DeliveryContext,
    private readonly sink: Sink,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.clock = context.clock
    this.on = context.on
    signal?.addEventListener('abort', this)
  }

  /** The signal fired. */
  handleEvent(): void {
    for (let left = this.interrupts?.length ?? 0; left > 0; left--) this.interrupts?.shift()?.()
    this.flush()
  }

  /** Hands one event to all subscriptions that want it. */
  process(event: SegmentEvent, index: number, only?: Only): void {
    for (const connection of this.context.connections) {
      if (only !== undefined && only.connection !== connection.name) continue
      let isFirstMatch = true
      const reason = connection.skips(event)
      for (const subscription of connection.subscriptions) {
        if (only?.subscription !== undefined && only.subscription !== subscription.name) continue
        if (subscription.isDeletion && event.type !== 'delete') continue
        const skip = reason ?? skipOf(subscription, event)
        if (skip !== undefined) {
          this.sink.skipped(index, event, connection, subscription, skip)
          continue
        }
        const payload = prepareSafely(subscription, event)
        this.enter(
          new Item(index, event, connection, subscription, payload, isFirstMatch, only?.idempotencyKey),
        )
        isFirstMatch = false
      }
    }
  }

  /** Sends every batch that waits, complete or not. */
  flush(): void {
    if (this.batchers === undefined) return
    for (const batcher of this.batchers.values()) if (batcher.waiting > 0) batcher.flush()
  }

  /** Calls `task` once, when no more than `limit` pairs are pending. */
  whenPendingAtMost(limit: number, task: () => void): void {
    if (this.pending <= limit) {
      task()
      return
    }
    this.waiter = { limit, task }
    if (this.inFlight === 0) this.flush()
  }

  /** No further events come: batches are sent as soon as nothing else is under way. */
  finish(): void {
    this.isFinishing = true
    this.progress()
  }

  private enter(item: Item): void {
    this.pending += 1
    const { payload, connection } = item
    if (payload instanceof InvalidPayload) {
      this.settle(item, {
        kind: 'invalid',
        owner: 'event',
        code: 'INVALID_PAYLOAD',
        message: payload.message,
        fields: payload.fields,
      })
      return
    }
    if (connection.lanes === undefined) this.admit(item)
    else
      connection.lanes.enter(personKeys(item.event), (done) => {
        item.leaveLane = done
        this.admit(item)
      })
  }

  private admit(item: Item): void {
    const { subscription } = item
    if (subscription.batch === undefined) this.sendOne(item)
    else this.batcherOf(subscription, subscription.batch).add(item)
  }

  private batcherOf(
    subscription: OpenSubscription,
    policy: NonNullable<OpenSubscription['batch']>,
  ): Batcher<Item> {
    this.batchers ??= new Map()
    let batcher = this.batchers.get(subscription)
    if (batcher === undefined) {
      batcher = createBatcher<Item>({
        policy,
        groupOf: batchGroup(subscription),
        bytesOf: (entry) => jsonBytes(entry.payload),
        release: (items) => this.sendBatch(items),
        schedule: (task, ms) => this.clock.after(ms, task),
      })
      this.batchers.set(subscription, batcher)
    }
    return batcher
  }

  private sendOne(item: Item): void {
    if (limiterFor(item).tryAcquire()) this.startOne(item)
    else this.waitForPlace([item], () => this.startOne(item))
  }

  private startOne(item: Item): void {
    const refusal = this.refusal(item.connection)
    if (refusal !== undefined) {
      limiterFor(item).release()
      this.settle(item, refusal)
      return
    }
    this.inFlight += 1
    item.begin(this.clock.now())
    attemptOne(item, this.clock, this.signal, this.concludeOne)
  }

  private readonly concludeOne = (item: Item, verdict: Verdict, notes: AttemptNotes): void => {
    this.inFlight -= 1
    limiterFor(item).release()
    this.conclude(item, verdict, notes, 0)
  }

  private sendBatch(items: readonly Item[]): void {
    if (!isFilled(items)) return
    if (limiterFor(items[0]).tryAcquire()) this.startBatch(items)
    else this.waitForPlace(items, () => this.startBatch(items))
  }

  private startBatch(items: Items): void {
    const limiter = limiterFor(items[0])
    const refusal = this.refusal(items[0].connection)
    if (refusal !== undefined) {
      limiter.release()
      for (const item of items) this.settle(item, refusal)
      return
    }
    this.inFlight += 1
    const now = this.clock.now()
    for (const item of items) item.begin(now)
    let left = items.length
    attemptBatch(items, this.clock, this.signal, (item, verdict, notes, position) => {
      left -= 1
      if (left === 0) {
        this.inFlight -= 1
        limiter.release()
      }
      this.conclude(item, verdict, notes, position)
    })
  }

  /** Why nothing may be sent now. */
  private refusal(connection: OpenConnection): Verdict | undefined {
    if (this.isInterrupted) return interrupted
    return connection.block === undefined ? undefined : blockedVerdict(connection, this.clock.now())
  }

  private get isInterrupted(): boolean {
    return this.signal?.aborted === true
  }

  /** Waits for a place of the action's limiter. */
  private waitForPlace(items: Items, start: () => void): void {
    const settleAll = (): void => {
      for (const item of items) this.settle(item, interrupted)
    }
    if (this.isInterrupted) {
      settleAll()
      return
    }
    let withdraw: (() => void) | undefined
    const whenOver = this.onInterrupt(() => {
      withdraw?.()
      settleAll()
    })
    withdraw = limiterFor(items[0]).acquire(() => {
      whenOver()
      start()
    })
  }

  /** Calls `task` when the run is interrupted; the result takes it back. */
  private onInterrupt(task: () => void): () => void {
    this.interrupts ??= createWaitingLine()
    return this.interrupts.enter(task)
  }

  private conclude(item: Item, verdict: Verdict, notes: AttemptNotes, position: number): void {
    if (verdict.kind === 'delivered') {
      this.settle(item, notes.isNothingToSend(position) ? nothingToSend : verdict, notes, position)
      return
    }
    const { connection } = item
    const { credentials } = connection
    if (
      verdict.kind === 'blocked' &&
      verdict.status === 401 &&
      credentials.canRefresh &&
      !item.hasRefreshed
    ) {
      this.refreshAndRepeat(item, verdict, notes, position)
      return
    }
    if (verdict.kind === 'blocked')
      blockConnection(connection, verdict, this.clock.now(), this.on, () =>
        outcomeOf(item, verdict, this.clock.now(), undefined),
      )
    if (verdict.kind === 'retry' && verdict.afterMs !== undefined)
      pauseUntil(connection, this.clock.now() + verdict.afterMs)
    const afterMs = this.mayRepeat(item, verdict) ? this.nextAttempt(item, verdict) : undefined
    if (afterMs === undefined || this.isInterrupted) this.settle(item, verdict, notes, position)
    else this.repeatAfter(item, verdict, afterMs)
  }

  private mayRepeat({ connection }: Item, { kind }: Verdict): boolean {
    if (kind === 'retry') return true
    const isSafe = this.context.retry.allowDuplicates || connection.destination.idempotent === true
    return kind === 'unknown' && isSafe
  }

  private nextAttempt(item: Item, verdict: Verdict): number | undefined {
    return nextAttemptMs(this.context.retry, {
      attempt: item.attempt,
      elapsedMs: this.clock.now() - item.firstAttemptAt,
      afterMs: verdict.kind === 'retry' ? verdict.afterMs : undefined,
      random: this.context.random(),
    })
  }

  private repeatAfter(item: Item, verdict: Verdict, afterMs: number): void {
    const now = this.clock.now()
    const outcome = outcomeOf(item, verdict, now, undefined)
    item.history ??= []
    item.history.push(attemptRecord(outcome, now, afterMs))
    let cancel: (() => void) | undefined
    const whenOver = this.onInterrupt(() => {
      cancel?.()
      this.settle(item, verdict)
    })
    cancel = this.clock.after(afterMs, () => {
      whenOver()
      this.admit(item)
    })
    this.on.retry?.(outcome, afterMs)
    this.progress()
  }

  private refreshAndRepeat(item: Item, verdict: Verdict, notes: AttemptNotes, position: number): void {
    item.hasRefreshed = true
    this.inFlight += 1
    const over = (isRenewed: boolean, error?: unknown): void => {
      this.inFlight -= 1
      if (isRenewed) this.admit(item)
      else this.conclude(item, withoutNewTokens(verdict, error), notes, position)
      this.progress()
    }
    item.connection.credentials.refresh(item.accessToken).then(over, (error) => over(false, error))
  }

  private settle(item: Item, verdict: Verdict, notes?: AttemptNotes, position = 0): void {
    this.pending -= 1
    const { on, sink } = this
    const isHeard = on.outcome !== undefined && verdict.kind !== 'skipped'
    const outcome =
      isHeard || sink.wantsOutcomes
        ? outcomeOf(item, verdict, this.clock.now(), notes?.about(position))
        : undefined
    item.leaveLane?.()
    if (isHeard) on.outcome?.(outcome as Outcome)
    sink.settled(item, verdict, outcome)
    this.progress()
  }

  private progress(): void {
    if (this.isFinishing) {
      if (this.inFlight === 0) this.flush()
      if (this.pending === 0) this.signal?.removeEventListener('abort', this)
    }
    if (this.waiter !== undefined && this.pending <= this.waiter.limit) {
      const { task } = this.waiter
      this.waiter = undefined
      task()
    }
  }
}

const isFilled = (items: readonly Item[]): items is Items => items.length > 0

const limiterFor = ({ connection, subscription }: Item): Limiter => limiterOf(connection, subscription.action)

const interrupted: Verdict = {
  kind: 'retry',
  owner: 'waybill',
  code: 'INTERRUPTED',
  message: 'the run was interrupted before this was sent',
}

const nothingToSend: Verdict = { kind: 'skipped', reason: 'nothing-to-send' }

function skipOf(subscription: OpenSubscription, event: SegmentEvent): SkipReason | undefined {
  if (!subscription.isEnabled) return 'disabled'
  return subscription.matches(event) ? undefined : 'not-subscribed'
}

const encoder = new TextEncoder()
const jsonBytes = (value: unknown): number => encoder.encode(JSON.stringify(value) ?? '').length

/** A value that cannot even be looked at (a throwing getter, say) is this event's fault, and no other event's. */
function prepareSafely({ preparation, batch }: OpenSubscription, event: SegmentEvent): unknown {
  try {
    return batch === undefined ? preparation.prepare(event) : preparation.prepareInBatch(event)
  } catch (error) {
    return new InvalidPayload([], `The payload could not be made: ${(error as Error).message}.`)
  }
}
