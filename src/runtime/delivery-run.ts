import { nextAttemptMs, type RetryPolicy } from '../delivery/retry'
import type { SegmentEvent } from '../event'
import type { Outcome, SkipReason, Verdict } from '../outcome'
import { type Batcher, createBatcher } from '../pipeline/batch'
import { InvalidPayload } from '../pipeline/prepare'
import { attemptBatch, attemptOne } from './attempt'
import { batchGroup } from './batch-group'
import { blockConnection, blockedVerdict } from './block'
import { idempotencyKey } from './idempotency-key'
import { type AttemptRecord, attemptRecord, createItem, type Item, outcomeOf } from './item'
import { personKeys } from './lanes'
import type { AttemptNotes } from './notes'
import { limiterOf, type OpenConnection, pauseUntil } from './open-connection'
import type { OpenSubscription } from './open-subscription'
import type { Clock, RuntimeListeners } from './options'

/** Who is told what became of the events of a run. */
export type Sink = {
  settled(outcome: Outcome, event: SegmentEvent, earlierAttempts: readonly AttemptRecord[]): void
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

/** One call of `send` or `stream`: the events handed over together, until each has its outcomes. */
export type DeliveryRun = {
  process(event: SegmentEvent, index: number, only?: Only): void
  /** Event-subscription pairs that have no outcome yet. */
  readonly pending: number
  /** Sends every batch that waits, complete or not. */
  flush(): void
  /** Calls `task` once, when no more than `limit` pairs are pending. */
  whenPendingAtMost(limit: number, task: () => void): void
  /** No further events come: batches are sent as soon as nothing else is under way. */
  finish(): void
}

/** Starts a run. When `signal` fires, what is not in flight gets the outcome `retry` with the code INTERRUPTED. */
export function startRun(context: DeliveryContext, sink: Sink, signal: AbortSignal | undefined): DeliveryRun {
  const { clock, retry, on } = context
  const batchers = new Map<OpenSubscription, Batcher<Item>>()
  const waitingRetries = new Set<() => void>()
  let pending = 0
  let inFlight = 0
  let isFinishing = false
  let waiter: { limit: number; task: () => void } | undefined

  const isInterrupted = (): boolean => signal?.aborted ?? false

  function settle(item: Item, verdict: Verdict, notes?: AttemptNotes, position = 0): void {
    pending -= 1
    const outcome = outcomeOf(item, verdict, clock.now(), notes?.about(position))
    item.leaveLane?.()
    if (outcome.kind !== 'skipped') on.outcome?.(outcome)
    sink.settled(outcome, item.event, item.history ?? [])
    progress()
  }

  function progress(): void {
    if (isFinishing && inFlight === 0) flush()
    if (waiter !== undefined && pending <= waiter.limit) {
      const { task } = waiter
      waiter = undefined
      task()
    }
  }

  function flush(): void {
    for (const batcher of batchers.values()) if (batcher.waiting > 0) batcher.flush()
  }

  /** Takes a place of the action's limiter, unless there is a reason not to send at all. */
  function begin(items: readonly [Item, ...Item[]], attempt: () => void): void {
    const { connection, subscription } = items[0]
    const limiter = limiterOf(connection, subscription.action)
    const start = (): void => {
      const refusal = isInterrupted() ? interrupted : blockedVerdict(connection, clock.now())
      if (refusal !== undefined) {
        limiter.release()
        for (const item of items) settle(item, refusal)
        return
      }
      const now = clock.now()
      inFlight += 1
      for (const item of items) {
        item.attempt += 1
        item.attemptStartedAt = now
        item.accessToken = item.connection.credentials.auth.accessToken
        if (item.firstAttemptAt === 0) item.firstAttemptAt = now
      }
      attempt()
    }
    if (limiter.tryAcquire()) start()
    else if (isInterrupted()) for (const item of items) settle(item, interrupted)
    else {
      let withdraw: (() => void) | undefined
      const interrupt = (): void => {
        waitingRetries.delete(interrupt)
        withdraw?.()
        for (const item of items) settle(item, interrupted)
      }
      waitingRetries.add(interrupt)
      withdraw = limiter.acquire(() => {
        waitingRetries.delete(interrupt)
        start()
      })
    }
  }

  function sendOne(item: Item): void {
    begin([item], () =>
      attemptOne(item, clock, signal, (_, verdict, notes) => {
        inFlight -= 1
        limiterOf(item.connection, item.subscription.action).release()
        conclude(item, verdict, notes, 0)
      }),
    )
  }

  function sendBatch(items: Item[]): void {
    const [head, ...rest] = items
    if (head === undefined) return
    const all = [head, ...rest] as const
    let left = all.length
    begin(all, () =>
      attemptBatch([...all], clock, signal, (item, verdict, notes, position) => {
        left -= 1
        if (left === 0) {
          inFlight -= 1
          limiterOf(head.connection, head.subscription.action).release()
        }
        conclude(item, verdict, notes, position)
      }),
    )
  }

  function admit(item: Item): void {
    const { subscription } = item
    if (subscription.batch === undefined) {
      sendOne(item)
      return
    }
    let batcher = batchers.get(subscription)
    if (batcher === undefined) {
      batcher = createBatcher<Item>({
        policy: subscription.batch,
        groupOf: batchGroup(subscription),
        bytesOf: (entry) => jsonBytes(entry.payload),
        release: sendBatch,
        schedule: (task, ms) => clock.after(ms, task),
      })
      batchers.set(subscription, batcher)
    }
    batcher.add(item)
  }

  function conclude(item: Item, verdict: Verdict, notes: AttemptNotes, position: number): void {
    const { connection } = item
    if (verdict.kind === 'delivered') {
      if (notes.isNothingToSend(position)) settle(item, nothingToSend, notes, position)
      else settle(item, verdict, notes, position)
      return
    }
    if (
      verdict.kind === 'blocked' &&
      verdict.status === 401 &&
      connection.credentials.canRefresh &&
      !item.hasRefreshed
    ) {
      refreshAndRepeat(item, verdict, notes, position)
      return
    }
    if (verdict.kind === 'blocked')
      blockConnection(connection, verdict, clock.now(), on, () =>
        outcomeOf(item, verdict, clock.now(), undefined),
      )
    if (verdict.kind === 'retry' && verdict.afterMs !== undefined)
      pauseUntil(connection, clock.now() + verdict.afterMs)
    const afterMs = mayRepeat(item, verdict) ? nextAttempt(item, verdict) : undefined
    if (afterMs === undefined || isInterrupted()) settle(item, verdict, notes, position)
    else repeatAfter(item, verdict, afterMs)
  }

  function mayRepeat({ connection }: Item, verdict: Verdict): boolean {
    if (verdict.kind === 'retry') return true
    return verdict.kind === 'unknown' && (retry.allowDuplicates || connection.destination.idempotent === true)
  }

  function nextAttempt(item: Item, verdict: Verdict): number | undefined {
    return nextAttemptMs(retry, {
      attempt: item.attempt,
      elapsedMs: clock.now() - item.firstAttemptAt,
      afterMs: verdict.kind === 'retry' ? verdict.afterMs : undefined,
      random: context.random(),
    })
  }

  function repeatAfter(item: Item, verdict: Verdict, afterMs: number): void {
    const now = clock.now()
    const outcome = outcomeOf(item, verdict, now, undefined)
    item.history ??= []
    item.history.push(attemptRecord(outcome, now, afterMs))
    let cancel: (() => void) | undefined
    const again = (): void => {
      waitingRetries.delete(interrupt)
      admit(item)
    }
    const interrupt = (): void => {
      waitingRetries.delete(interrupt)
      cancel?.()
      settle(item, verdict)
    }
    waitingRetries.add(interrupt)
    cancel = clock.after(afterMs, again)
    on.retry?.(outcome, afterMs)
    progress()
  }

  function refreshAndRepeat(item: Item, verdict: Verdict, notes: AttemptNotes, position: number): void {
    const { credentials } = item.connection
    item.hasRefreshed = true
    inFlight += 1
    const over = (isRenewed: boolean): void => {
      inFlight -= 1
      if (isRenewed) admit(item)
      else conclude(item, verdict, notes, position)
      progress()
    }
    credentials.refresh(item.accessToken).then(over, () => over(false))
  }

  function enqueue(item: Item): void {
    pending += 1
    const { lanes } = item.connection
    if (lanes === undefined) admit(item)
    else
      lanes.enter(personKeys(item.event), (done) => {
        item.leaveLane = done
        admit(item)
      })
  }

  signal?.addEventListener(
    'abort',
    () => {
      for (const interrupt of [...waitingRetries]) interrupt()
      flush()
    },
    { once: true },
  )

  return {
    process(event, index, only) {
      let isFirstMatch = true
      for (const connection of context.connections) {
        if (only !== undefined && only.connection !== connection.name) continue
        const reason = connection.skips(event)
        for (const subscription of connection.subscriptions) {
          if (only?.subscription !== undefined && only.subscription !== subscription.name) continue
          const skip = reason ?? skipOf(subscription, event)
          if (skip !== undefined) {
            sink.skipped(index, event, connection, subscription, skip)
            continue
          }
          const key = only?.idempotencyKey ?? idempotencyKey(event, isFirstMatch, subscription.name)
          enter(event, index, connection, subscription, key)
          isFirstMatch = false
        }
        isFirstMatch = true
      }
    },
    get pending() {
      return pending
    },
    flush,
    whenPendingAtMost(limit, task) {
      if (pending <= limit) task()
      else {
        waiter = { limit, task }
        if (inFlight === 0) flush()
      }
    },
    finish() {
      isFinishing = true
      progress()
    },
  }

  function enter(
    event: SegmentEvent,
    index: number,
    connection: OpenConnection,
    subscription: OpenSubscription,
    key: string,
  ): void {
    const payload = prepareSafely(subscription, event)
    const item = createItem(index, event, connection, subscription, payload, key)
    if (payload instanceof InvalidPayload) {
      pending += 1
      settle(item, {
        kind: 'invalid',
        owner: 'event',
        code: 'INVALID_PAYLOAD',
        message: payload.message,
        fields: payload.fields,
      })
    } else enqueue(item)
  }
}

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
function prepareSafely({ preparation }: OpenSubscription, event: SegmentEvent): unknown {
  try {
    return preparation.prepare(event)
  } catch (error) {
    return new InvalidPayload([], `The payload could not be made: ${(error as Error).message}.`)
  }
}
