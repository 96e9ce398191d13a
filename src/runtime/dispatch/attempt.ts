import type { ExecuteInput } from '@segment/actions-core'
import { readSubmission } from '../../delivery/job'
import { verdictOnError, verdictOnResult, verdictsOnBatchResult } from '../../delivery/perform'
import type { RequestClient } from '../../delivery/request/request-client'
import type { Verdict } from '../../outcome'
import { isAsynchronous, performPollOf } from '../open/asynchronous'
import type { OpenConnection } from '../open/open-connection'
import type { Clock } from '../options'
import { followJob } from './follow-job'
import type { Item } from './item'
import { AttemptNotes } from './notes'
import { performBatchInput, performInput, performPollInput } from './perform-input'

type Conclude = (item: Item, verdict: Verdict, notes: AttemptNotes, position: number) => void

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'

/** The request client of one attempt; what `extendRequest` says is asked for when the first request is made. */
function requestClient(connection: OpenConnection, input: object, notes: AttemptNotes): RequestClient {
  let client: RequestClient | undefined
  return (url, options) => {
    client ??= connection.client.with(connection.extendRequest?.(input), {
      redirectOrigins: connection.destination.redirectOrigins,
      note: (reason) => notes.noteAll(reason),
    })
    return client(url, options)
  }
}

/** `perform` is called as the reference calls it. */
type AnyPerform = (request: RequestClient, input: ExecuteInput<unknown, unknown>) => unknown

/**
 * One attempt at one item. Synchronous, without a promise, when the action is; `conclude` is called exactly once.
 */
export function attemptOne(
  item: Item,
  clock: Clock,
  signal: AbortSignal | undefined,
  conclude: Conclude,
): void {
  const { connection, subscription } = item
  const notes = new AttemptNotes()
  let result: unknown
  try {
    const input = performInput(connection, subscription, item, notes, signal)
    const perform = subscription.definition.perform as unknown as AnyPerform
    result = perform(requestClient(connection, input, notes), input)
  } catch (error) {
    conclude(item, verdictOnThrown(error, item, clock), notes, 0)
    return
  }
  if (isThenable(result))
    result.then(
      (value) => conclude(item, verdictOnReturned(value, item, clock), notes, 0),
      (error) => conclude(item, verdictOnThrown(error, item, clock), notes, 0),
    )
  else conclude(item, verdictOnReturned(result, item, clock), notes, 0)
}

/** The time matters for the headers of a response alone. */
const verdictOnReturned = (result: unknown, { connection }: Item, clock: Clock): Verdict =>
  verdictOnResult(result, connection.destination.classify, typeof result === 'object' ? clock.now() : 0)

const verdictOnThrown = (error: unknown, { connection }: Item, clock: Clock): Verdict =>
  verdictOnError(error, connection.destination.classify, clock.now())

/** One attempt at a batch of items of one subscription; `conclude` is called exactly once for each. */
export function attemptBatch(
  items: readonly [Item, ...Item[]],
  clock: Clock,
  signal: AbortSignal | undefined,
  conclude: Conclude,
): void {
  const { connection, subscription } = items[0]
  const { classify } = connection.destination
  const notes = new AttemptNotes()
  const concludeAll = (verdicts: readonly Verdict[]): void =>
    items.forEach((item, position) => {
      conclude(item, verdicts[position] as Verdict, notes, position)
    })
  const fail = (error: unknown): void =>
    concludeAll(Array<Verdict>(items.length).fill(verdictOnThrown(error, items[0], clock)))
  const succeed = (result: unknown): void => {
    if (isAsynchronous(subscription.definition)) attemptJob(items, result, { clock, signal, conclude, notes })
    else concludeAll(verdictsOnBatchResult(result, items.length, classify, clock.now()))
  }
  let result: unknown
  try {
    const input = performBatchInput(connection, subscription, items, notes, signal)
    const performBatch = subscription.definition.performBatch as unknown as AnyPerform
    result = performBatch(requestClient(connection, input, notes), input)
  } catch (error) {
    fail(error)
    return
  }
  if (isThenable(result)) result.then(succeed, fail)
  else succeed(result)
}

/** After an asynchronous action has submitted a batch: concludes what is decided, and follows the job of the rest. */
function attemptJob(
  items: readonly [Item, ...Item[]],
  result: unknown,
  { clock, signal, conclude, notes }: JobContext,
): void {
  const { connection, subscription } = items[0]
  const { jobId, verdicts } = readSubmission(
    result,
    items.length,
    connection.destination.classify,
    clock.now(),
  )
  const positions = items.flatMap((_, position) => (verdicts[position] === undefined ? [position] : []))
  items.forEach((item, position) => {
    const verdict = verdicts[position]
    if (verdict !== undefined) conclude(item, verdict, notes, position)
  })
  if (jobId === undefined || positions.length === 0) return
  const poll = async (): Promise<unknown> => {
    const input = performPollInput(connection, subscription, { jobId, uploadCount: positions.length }, signal)
    return performPollOf(subscription.definition)?.(requestClient(connection, input, notes), input)
  }
  followJob(
    { connection, action: subscription.action, count: positions.length, poll, clock, signal },
    (found) =>
      positions.forEach((position, order) => {
        conclude(items[position] as Item, found[order] as Verdict, notes, position)
      }),
  )
}

type JobContext = {
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  readonly conclude: Conclude
  readonly notes: AttemptNotes
}
