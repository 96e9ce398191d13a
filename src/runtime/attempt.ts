import type { ExecuteInput } from '@segment/actions-core'
import { verdictOnError, verdictOnResult, verdictsOnBatchResult } from '../delivery/perform'
import type { RequestClient } from '../delivery/request/request-client'
import type { Verdict } from '../outcome'
import type { Item } from './item'
import { AttemptNotes } from './notes'
import type { OpenConnection } from './open-connection'
import type { Clock } from './options'
import { performBatchInput, performInput } from './perform-input'

type Conclude = (item: Item, verdict: Verdict, notes: AttemptNotes, position: number) => void

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'

/** The request client of one attempt; what `extendRequest` says is asked for when the first request is made. */
function requestClient(connection: OpenConnection, input: object): RequestClient {
  let client: RequestClient | undefined
  return (url, options) => {
    client ??= connection.client.with(connection.extendRequest?.(input))
    return client(url, options)
  }
}

/** Runs an action and hands on what it gives or throws: at once where it is synchronous, without a promise. */
function settle(
  run: () => unknown,
  succeed: (result: unknown) => void,
  fail: (error: unknown) => void,
): void {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    fail(error)
    return
  }
  if (isThenable(result)) result.then(succeed, fail)
  else succeed(result)
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
  const { classify } = connection.destination
  const notes = new AttemptNotes()
  const fail = (error: unknown): void =>
    conclude(item, verdictOnError(error, classify, clock.now()), notes, 0)
  const succeed = (result: unknown): void =>
    conclude(item, verdictOnResult(result, classify, clock.now()), notes, 0)
  settle(
    () => {
      const input = performInput(connection, subscription, item, notes, signal)
      const perform = subscription.definition.perform as unknown as AnyPerform
      return perform(requestClient(connection, input), input)
    },
    succeed,
    fail,
  )
}

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
    concludeAll(Array<Verdict>(items.length).fill(verdictOnError(error, classify, clock.now())))
  const succeed = (result: unknown): void =>
    concludeAll(verdictsOnBatchResult(result, items.length, classify, clock.now()))
  settle(
    () => {
      const input = performBatchInput(connection, subscription, items, notes, signal)
      const performBatch = subscription.definition.performBatch as unknown as AnyPerform
      return performBatch(requestClient(connection, input), input)
    },
    succeed,
    fail,
  )
}
