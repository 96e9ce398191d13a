import type { ExecuteInput } from '@segment/actions-core'
import type { Classify } from '../../definition/execute-input'
import { readSubmission, type Submission } from '../../delivery/job'
import { verdictOnError, verdictOnResult, verdictsOnBatchResult } from '../../delivery/perform'
import type { RequestClient } from '../../delivery/request/request-client'
import type { Verdict } from '../../outcome'
import { isAsynchronous, performPollOf } from '../open/asynchronous'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import type { RunningClock } from '../system-clock'
import { type ActionDeadlines, type ExpiryCode, UnderWay, withinDeadline } from './action-deadline'
import { type AttemptListener, type AttemptRecorder, createAttemptRecorder } from './attempt-report'
import { AttemptNotes } from './notes'
import type { OpenDelivery } from './open-delivery'
import { performBatchInput, performInput, performPollInput } from './perform-input'

/** What an attempt needs beside the deliveries. */
export type AttemptContext = {
  readonly clock: RunningClock
  readonly deadlines: ActionDeadlines
  readonly on: { readonly attempt: AttemptListener | undefined }
}

/** `perform` is called as the reference calls it. */
type AnyPerform = (request: RequestClient, input: ExecuteInput<unknown, unknown>) => unknown

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'

/** The request client of one attempt; what `extendRequest` says is asked for when the first request is made. */
function requestClient(
  connection: OpenConnection,
  input: object,
  notes: AttemptNotes,
  signal: AbortSignal,
  observe?: AttemptRecorder['observe'],
): RequestClient {
  let client: RequestClient | undefined
  return (url, options) => {
    client ??= connection.client.with(connection.extendRequest?.(input), {
      redirectOrigins: connection.destination.redirectOrigins,
      note: (reason) => notes.noteAll(reason),
      signal,
      observe,
    })
    return client(url, options)
  }
}

type ConcludeOne = (delivery: OpenDelivery, verdict: Verdict, notes: AttemptNotes) => void

/**
 * One attempt at one delivery. Synchronous, without a promise, when the action is; `conclude` is called exactly once,
 * after the time limit at the latest.
 */
export function attemptOne(delivery: OpenDelivery, context: AttemptContext, conclude: ConcludeOne): void {
  const { clock, deadlines, on } = context
  const recorder = on.attempt && createAttemptRecorder(on.attempt, [delivery], clock)
  const { connection, subscription } = delivery
  const { signal } = deadlines
  const { classify } = connection.destination
  const notes = new AttemptNotes()
  let result: unknown
  try {
    const input = performInput(connection, subscription, delivery, notes, signal)
    const perform = subscription.definition.perform as unknown as AnyPerform
    result = perform(requestClient(connection, input, notes, signal, recorder?.observe), input)
  } catch (error) {
    const verdict = verdictOnError(error, classify, clock.now())
    recorder?.tell([verdict])
    conclude(delivery, verdict, notes)
    return
  }
  if (!isThenable(result)) {
    const verdict = verdictOnReturned(result, classify, clock)
    recorder?.tell([verdict])
    conclude(delivery, verdict, notes)
    return
  }
  delivery.startedAt(clock.monotonic())
  watch(result, new PromisedOne(delivery, context, notes, recorder, conclude))
}

function watch(result: PromiseLike<unknown>, promised: PromisedOne): void {
  result.then(
    (value) => promised.fulfilled(value),
    (error) => promised.rejected(error),
  )
}

/** What an action promised for one delivery. A class, since one is made per event and its methods should not be. */
class PromisedOne extends UnderWay {
  constructor(
    private readonly delivery: OpenDelivery,
    private readonly context: AttemptContext,
    private readonly notes: AttemptNotes,
    private readonly recorder: AttemptRecorder | undefined,
    private readonly conclude: ConcludeOne,
  ) {
    super()
    context.deadlines.watch(this)
  }

  fulfilled(value: unknown): void {
    if (!this.over()) return
    this.end(verdictOnReturned(value, this.classify, this.context.clock))
  }

  rejected(error: unknown): void {
    if (this.over()) this.end(verdictOnError(error, this.classify, this.context.clock.now()))
  }

  expire(code: ExpiryCode): void {
    this.end(expired(code, this.context.deadlines))
  }

  private get classify(): Classify | undefined {
    return this.delivery.connection.destination.classify
  }

  /** True the first time. */
  private over(): boolean {
    return this.context.deadlines.forget(this)
  }

  private end(verdict: Verdict): void {
    const { delivery } = this
    delivery.attemptEndedAt = this.context.clock.monotonic()
    this.recorder?.tell([verdict])
    this.conclude(delivery, verdict, this.notes)
  }
}

function verdictOnReturned(value: unknown, classify: Classify | undefined, clock: RunningClock): Verdict {
  // The time matters for the headers of a response alone.
  const isObject = typeof value === 'object'
  try {
    return verdictOnResult(value, classify, isObject ? clock.now() : 0)
  } catch (error) {
    return verdictOnError(error, classify, clock.now())
  }
}

/** What an action promised: it ends once, in time. */
class Promised extends UnderWay {
  constructor(
    private readonly deadlines: ActionDeadlines,
    readonly end: (verdict: Verdict) => void,
  ) {
    super()
    deadlines.watch(this)
  }

  /** True the first time. */
  over(): boolean {
    return this.deadlines.forget(this)
  }

  expire(code: ExpiryCode): void {
    this.end(expired(code, this.deadlines))
  }
}

const expired = (code: ExpiryCode, { timeoutMs }: ActionDeadlines): Verdict =>
  code === 'INTERRUPTED' ? stopped : timedOut(timeoutMs)

const timedOut = (timeoutMs: number): Verdict => ({
  kind: 'unknown',
  owner: 'destination',
  code: 'ACTION_TIMEOUT',
  message: `the action did not end within ${timeoutMs} ms; whether it sent anything is not known`,
})

const stopped: Verdict = {
  kind: 'unknown',
  owner: 'waybill',
  code: 'INTERRUPTED',
  message: 'the runtime was closed while this was in flight; whether it arrived is not known',
}

/**
 * Called once for a batch: a verdict by position, undefined for what is part of a job of the destination, and then the
 * function that asks how the job stands.
 */
type ConcludeBatch = (
  verdicts: readonly (Verdict | undefined)[],
  notes: AttemptNotes,
  poll: (() => Promise<unknown>) | undefined,
) => void

/** One attempt at a batch of deliveries of one subscription. */
export function attemptBatch(
  deliveries: readonly [OpenDelivery, ...OpenDelivery[]],
  { clock, deadlines, on }: AttemptContext,
  whenConcluded: ConcludeBatch,
): void {
  const recorder = on.attempt && createAttemptRecorder(on.attempt, deliveries, clock)
  const conclude: ConcludeBatch = (verdicts, notes, poll) => {
    recorder?.tell(verdicts)
    whenConcluded(verdicts, notes, poll)
  }
  const { connection, subscription } = deliveries[0]
  const { classify } = connection.destination
  const { signal } = deadlines
  const count = deliveries.length
  const notes = new AttemptNotes()
  const concludeAll = (verdict: Verdict): void =>
    conclude(Array<Verdict>(count).fill(verdict), notes, undefined)
  const fail = (error: unknown): void => concludeAll(verdictOnError(error, classify, clock.now()))
  const read = (result: unknown): Submission =>
    isAsynchronous(subscription.definition)
      ? readSubmission(result, count, classify, clock.now())
      : { verdicts: verdictsOnBatchResult(result, count, classify, clock.now()) }
  const succeed = (result: unknown): void => {
    let submission: Submission
    try {
      submission = read(result)
    } catch (error) {
      fail(error)
      return
    }
    const { jobId, verdicts } = submission
    const uploadCount = verdicts.filter((verdict) => verdict === undefined).length
    const poll =
      jobId === undefined || uploadCount === 0
        ? undefined
        : pollOf(connection, subscription, { jobId, uploadCount }, notes, deadlines)
    conclude(verdicts, notes, poll)
  }
  let result: unknown
  try {
    const input = performBatchInput(connection, subscription, deliveries, notes, signal)
    const performBatch = subscription.definition.performBatch as unknown as AnyPerform
    result = performBatch(requestClient(connection, input, notes, signal, recorder?.observe), input)
  } catch (error) {
    fail(error)
    return
  }
  if (!isThenable(result)) {
    succeed(result)
    return
  }
  const noteEnd = (): void => {
    const now = clock.monotonic()
    for (const delivery of deliveries) delivery.attemptEndedAt = now
  }
  const promised = new Promised(deadlines, (verdict) => {
    noteEnd()
    concludeAll(verdict)
  })
  result.then(
    (value) => {
      if (!promised.over()) return
      noteEnd()
      succeed(value)
    },
    (error) => {
      if (promised.over()) promised.end(verdictOnError(error, classify, clock.now()))
    },
  )
}

const pollOf =
  (
    connection: OpenConnection,
    subscription: OpenSubscription,
    job: { readonly jobId: string; readonly uploadCount: number },
    notes: AttemptNotes,
    deadlines: ActionDeadlines,
  ) =>
  (): Promise<unknown> =>
    withinDeadline(deadlines, (signal) => {
      const input = performPollInput(connection, subscription, job, signal)
      return performPollOf(subscription.definition)?.(requestClient(connection, input, notes, signal), input)
    })
