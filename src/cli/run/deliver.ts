import {
  type Connection,
  createFailureExplainer,
  createRuntime,
  type Limits,
  type Outcome,
  type RetryOptions,
  type Runtime,
  type Totals,
} from 'waybill'
import type { Store } from 'waybill/queue'
import type { OpenInput } from '../input/open-input'
import type { Target } from '../input/parse-record'
import { createEventReader, type EventReader } from '../input/read-events'
import type { DeadLetters } from '../report/dead-letters'
import { createProgress, type Progress, silentProgress } from '../report/progress'
import { createTally, type Tally } from '../report/tally'
import type { Terminal } from '../terminal'
import type { DeliveryResult } from './delivery-result'
import { interruptible, untilAborted } from './interrupt'
import { moveDeadLetters } from './move-dead-letters'
import type { RunState } from './run-state'
import { left, streamThroughStore } from './stream-through-store'

/** Everything that a run needs. */
export type Delivery = {
  readonly connections: readonly Connection[]
  readonly compatibility: boolean
  readonly input: OpenInput
  readonly terminal: Terminal
  readonly deadLetters: DeadLetters
  readonly limits: Limits
  readonly retry: RetryOptions
  /** Stands in for the network. */
  readonly fetch?: typeof fetch
  /** Stops the run as an interrupt does. */
  readonly signal?: AbortSignal
  readonly skip?: number
  /** Numbers that would arrive changed become strings, in place of refused events. */
  readonly largeNumbersAsStrings?: boolean
  readonly isQuiet?: boolean
  /** Dead letters of a store go to `deadLetters` at the end, and stay there no longer. */
  readonly takesDeadLetters?: boolean
  /** By way of this store, and as part of this run. Default: in memory. */
  readonly through?: { readonly name: string; readonly store: Store; readonly run: RunState }
}

function showProgress(delivery: Delivery, reader: EventReader, tally: Tally): Progress & { stop(): void } {
  const { input, terminal, isQuiet } = delivery
  const state = () => ({
    name: input.name,
    bytesRead: input.bytesRead,
    ...(input.totalBytes !== undefined && { totalBytes: input.totalBytes }),
    events: reader.events,
    delivered: tally.delivered,
    failed: tally.failed,
  })
  const progress = isQuiet
    ? silentProgress(terminal.stderr)
    : createProgress(terminal.stderr, state, () => performance.now())
  const timer = setInterval(progress.draw, progress.intervalMs)
  return {
    ...progress,
    stop() {
      clearInterval(timer)
      progress.end()
    },
  }
}

/** Opens the connections; what they have to say goes to the terminal. */
function openRuntime(delivery: Delivery, say: (text: string) => void): Runtime {
  const { connections, compatibility, limits, retry, fetch } = delivery
  const place = (connection: string, subscription?: string) =>
    subscription === undefined ? connection : `${connection} / ${subscription}`
  return createRuntime({
    connections,
    compatibility,
    limits,
    retry,
    ...(fetch !== undefined && { fetch }),
    on: {
      connectionBlocked: (connection, { message }: Outcome & { message?: string }) =>
        say(
          `${connection}: the credentials were refused: ${message ?? ''}. Put them right, then send the dead letters again.`,
        ),
      warning: (connection, message) => say(`${connection}: ${message}`),
      filterError: (connection, subscription) =>
        say(`${place(connection, subscription)}: the filter failed on an event, which was skipped.`),
    },
  })
}

/** What is wrong with where a dead letter came back from: the configuration may have changed since. */
function targetProblem({ connections }: Runtime, { connection, subscription }: Target): string | undefined {
  const found = connections.find(({ name }) => name === connection)
  if (found === undefined)
    return `a dead letter of the connection "${connection}", which the configuration does not have`
  if (subscription === undefined || found.subscriptions.includes(subscription)) return undefined
  return `a dead letter of the subscription "${subscription}", which "${connection}" does not have`
}

/** What happens on the way, beside the runtime's own totals. */
function observe(delivery: Delivery, runtime: Runtime) {
  const { input, deadLetters, skip = 0, largeNumbersAsStrings = false } = delivery
  const seen = {
    tally: createTally(),
    malformed: 0,
    firstMalformed: undefined as DeliveryResult['firstMalformed'],
    inputError: undefined as Error | undefined,
    startedAt: new Date().toISOString(),
    start: performance.now(),
  }
  const reader = createEventReader(input.chunks, {
    skip,
    largeNumbersAsStrings,
    checkTarget: (target) => targetProblem(runtime, target),
    onMalformed(record) {
      seen.malformed += 1
      seen.firstMalformed ??= { line: record.line, problem: record.problem }
      deadLetters.addMalformed(record)
    },
  })
  return Object.assign(seen, { reader })
}

function resultOf(
  { input, deadLetters }: Delivery,
  seen: ReturnType<typeof observe>,
  totals: Totals,
  wasStopped: boolean,
  inStore = false,
): DeliveryResult {
  const { reader, tally, malformed, firstMalformed, inputError, startedAt, start } = seen
  const { path, count, lost, firstLostRecord, failure } = deadLetters
  const isCutShort = wasStopped || inputError !== undefined || failure !== undefined
  return {
    input: { name: input.name, isFile: input.isFile, bytes: input.bytesRead, lines: reader.line },
    totals,
    tally,
    malformed,
    ...(firstMalformed !== undefined && { firstMalformed }),
    isInterrupted: wasStopped && failure === undefined,
    ...(inputError !== undefined && { inputError }),
    // What is in a store needs no other place to go on from.
    ...(isCutShort &&
      !inStore && {
        // Never past an event that is in no file, although some after it were delivered.
        skip: Math.min(reader.skipAfter(totals.events), (firstLostRecord ?? Number.POSITIVE_INFINITY) - 1),
      }),
    deadLetters: { path, count, lost, ...(failure !== undefined && { failure }) },
    startedAt,
    durationMs: performance.now() - start,
  }
}

/**
 * Reads an input to its end and delivers its events: the one way for `run` and `demo`. Every event and subscription
 * ends as an outcome that is counted, and written down as a dead letter if it was not delivered.
 * @throws ConfigurationError when a connection cannot be opened.
 */
export async function deliver(delivery: Delivery): Promise<DeliveryResult> {
  const { deadLetters, terminal, signal } = delivery
  const runtime = openRuntime(delivery, (text) => progress.message(text))
  const why = createFailureExplainer(delivery.connections, delivery.compatibility)
  const seen = observe(delivery, runtime)
  const { reader, tally } = seen
  const progress = showProgress(delivery, reader, tally)
  const interrupt = interruptible(terminal, progress.message)
  signal?.addEventListener('abort', interrupt.stop, { once: true })
  deadLetters.onFailure(interrupt.stop)
  const batches = untilAborted(interrupt.signal, reader.batches, (error) => {
    seen.inputError = error
  })
  try {
    const { through } = delivery
    if (through === undefined) {
      const totals = await runtime.stream(batches, {
        signal: interrupt.signal,
        only: (index) => reader.targetOf(index),
        onOutcome(outcome, event, attempts) {
          tally.add(outcome)
          if (outcome.kind === 'delivered') return
          const record = reader.recordOf(outcome.index)
          deadLetters.add({ outcome, event, attempts, why: why(outcome, event), record })
        },
      })
      deadLetters.close()
      return resultOf(delivery, seen, totals, interrupt.signal.aborted)
    }
    const { store, run, name } = through
    const totals = await streamThroughStore({
      runtime,
      queue: store.queue,
      run,
      reader,
      batches,
      signal: interrupt.signal,
      isWhole: () => seen.inputError === undefined,
      onOutcome: (outcome, event) => {
        tally.add(outcome)
        // What no queue can keep has no other place.
        if (outcome.attempt === 0 && outcome.kind === 'invalid' && outcome.idempotencyKey === undefined)
          deadLetters.add({
            outcome,
            event,
            attempts: [],
            why: why(outcome, event),
            record: reader.recordOf(outcome.index),
          })
      },
      onFull: () => progress.message(`${name} is full; reading goes on when there is room.`),
    })
    if (delivery.takesDeadLetters) await moveDeadLetters(store.queue.dead, run.startedAt, deadLetters, why)
    deadLetters.close()
    return {
      ...resultOf(delivery, seen, totals, interrupt.signal.aborted, true),
      store: {
        name,
        goneOnFrom: run.records,
        left: await left(runtime, store.queue),
        dead: await store.queue.dead.count({ since: run.startedAt }),
      },
    }
  } finally {
    interrupt.release()
    signal?.removeEventListener('abort', interrupt.stop)
    progress.stop()
    await runtime.close()
  }
}
