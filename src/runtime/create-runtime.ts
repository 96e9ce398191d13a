import { defaultRetryPolicy } from '../delivery/retry'
import { createWaitingLine } from '../delivery/waiting-line'
import { ClosedError, ConfigurationError } from '../errors'
import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import type { Queue } from '../queue/queue'
import { createActionDeadlines } from './dispatch/action-deadline'
import { createDispatcher } from './dispatch/dispatcher'
import { placesOf, routesTo } from './dispatch/route'
import { type ConnectionStatus, statusOf } from './dispatch/status'
import type { Totals } from './dispatch/totals'
import { guardListeners } from './listeners'
import { checkRuntimeOptions } from './open/check-options'
import type { ConnectionContext } from './open/open-connection'
import { createProblems } from './open/problems'
import { sharePreparations } from './open/shared-preparations'
import { type ConnectionOperations, connectionOperations } from './operations/connection-operations'
import { findConnection } from './operations/find-connection'
import type { RuntimeOptions } from './options'
import { type PutOptions, type PutReport, putAll } from './put'
import { createRuntimeConnections, openConnections, type RuntimeConnections } from './runtime-connections'
import type { RuntimeContext } from './runtime-context'
import { type SendOptions, sendAll } from './send'
import { type EventSource, type StreamOptions, streamAll } from './stream'
import { runningClock } from './system-clock'
import { type WorkOptions, workOn } from './work/work'

const defaultTimeoutMs = 10_000
/** What waits in a queue can wait for a destination that is down for a while. */
const workRetry = { forMs: 4 * 3_600_000 }
/** An action may make several requests, one after another. */
const requestsPerAction = 6

/** How long `close` waits. Whichever comes first; without both, as long as it takes. */
export type CloseOptions = {
  /** Fires when what is under way must stop. */
  readonly signal?: AbortSignal
  /** Milliseconds after which what is under way must stop. */
  readonly withinMs?: number
}

/** Delivers events to its connections. Made by `createRuntime`. */
export type Runtime = {
  /**
   * Delivers events and resolves with one outcome for each event and subscription: events in the given order, then
   * connections and subscriptions in the order of the configuration. Never rejects because of an event.
   * @throws ClosedError after `close()`.
   */
  send(events: readonly SegmentEvent[], options?: SendOptions): Promise<Outcome[]>
  /**
   * Delivers any number of events in bounded memory: the source is slowed down to what the connections take that make
   * progress. Rejects only if the source does, after everything that was taken from it has ended.
   * @throws ClosedError after `close()`.
   */
  stream(source: EventSource, options?: StreamOptions): Promise<Totals>
  /**
   * Routes events and puts their deliveries into a queue; what was put is as safe as the queue's `durability` says. What no
   * queue can keep is left out and told.
   * @throws QueueError when the queue takes nothing, and ClosedError after `close()`.
   */
  put(queue: Queue, events: readonly SegmentEvent[], options?: PutOptions): Promise<PutReport>
  /**
   * Delivers what a queue holds, until the signal fires or the runtime closes. Deliveries are tried again for four hours
   * where `retry.forMs` does not say otherwise, over restarts; then they are dead letters. Resolves with what ended.
   * @throws QueueError when the queue is closed, and ClosedError after `close()`.
   */
  work(queue: Queue, options?: WorkOptions): Promise<Totals>
  /** Names of connections and their subscriptions, in the order of the configuration; `add`, `replace` and `remove`. */
  readonly connections: RuntimeConnections
  /**
   * What can be asked of a connection beside delivering events: test its credentials, the choices of a field, hooks,
   * audiences, deletions.
   * @throws ConfigurationError UNKNOWN_CONNECTION, with the names that exist.
   */
  connection(name: string): ConnectionOperations
  /** Where each connection stands. */
  status(): ConnectionStatus[]
  /**
   * Sends nothing of a connection until `resume`: deliveries that may wait do, those that may not get the outcome `retry`
   * with the code CONNECTION_PAUSED. A queue that is worked on holds them, for every worker. `by`: who wants it.
   * @throws ConfigurationError UNKNOWN_CONNECTION.
   */
  pause(name: string, by?: string): void
  /**
   * Ends a pause, whoever asked for it.
   * @throws ConfigurationError UNKNOWN_CONNECTION.
   */
  resume(name: string): void
  /**
   * Does not wait for the end of a pause or a block: a blocked connection sends one delivery, and goes on when it succeeds.
   * @throws ConfigurationError UNKNOWN_CONNECTION.
   */
  tryNow(name: string): void
  /**
   * Takes nothing more, and resolves when everything that was handed over has ended and all connections to destinations
   * are closed. When the time is up or the signal fires, what waits gets the outcome `retry` with the code INTERRUPTED,
   * and what is in flight is aborted: it ends within a second.
   */
  close(options?: CloseOptions): Promise<void>
}

/**
 * Opens all connections: checks definitions and settings, compiles filters and mappings.
 * @throws ConfigurationError or DefinitionError that lists every mistake with its path.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  if (!Array.isArray(options.connections))
    throw new ConfigurationError('INVALID_CONFIGURATION', 'give a list of connections', {
      path: 'connections',
    })
  const { context, opening } = openContext(options)
  const { dispatcher, deadlines, calls } = context
  const connections = createRuntimeConnections(context, opening)
  const running = new Set<Promise<unknown>>()
  let isClosed = false

  /** What ends at once is not kept track of. */
  const track = <Result>(run: () => Result | Promise<Result>): Promise<Result> => {
    if (isClosed) return Promise.reject(new ClosedError('the runtime is closed; create a new one'))
    const result = run()
    if (!(result instanceof Promise)) return Promise.resolve(result)
    running.add(result)
    const over = (): void => void running.delete(result)
    result.then(over, over)
    return result
  }
  const stop = (): void => {
    for (const call of calls.take(() => true)) call.interrupt()
    deadlines.stopAll()
  }

  return {
    send: (events, sendOptions = {}) => track(() => sendAll(context, events, sendOptions)),
    stream: (source, streamOptions = {}) => track(() => streamAll(context, source, streamOptions)),
    put: (queue, events, putOptions = {}) => track(() => putAll(context, queue, events, putOptions)),
    work: (queue, workOptions = {}) =>
      track(() => workOn(context, queue, { ...context.retry, ...workRetry, ...options.retry }, workOptions)),
    get connections() {
      return connections.list
    },
    connection: (name) => connectionOperations(context, name, track),
    status: () => dispatcher.connections.map((each) => statusOf(each, context.clock)),
    pause: (name, by) => findConnection(dispatcher, name).hold(by),
    resume: (name) => findConnection(dispatcher, name).tryNow(),
    tryNow: (name) => findConnection(dispatcher, name).tryNow(),
    async close({ signal, withinMs } = {}) {
      isClosed = true
      for (const call of calls.take(({ isEndless }) => isEndless === true)) call.interrupt()
      const allEnded = Promise.allSettled([...running])
      await stoppedInTime(allEnded, { signal, withinMs, stop })
      const closed = connections.close()
      await (signal === undefined && withinMs === undefined ? closed : atMost(closed, 1_000))
    },
  }
}

/** Waits for what is under way; when the time is up, stops it, and waits a little longer. */
async function stoppedInTime(
  allEnded: Promise<unknown>,
  {
    signal,
    withinMs,
    stop,
  }: { signal: AbortSignal | undefined; withinMs: number | undefined; stop: () => void },
): Promise<void> {
  if (signal === undefined && withinMs === undefined) {
    await allEnded
    return
  }
  let stopWaiting = (): void => undefined
  const timeIsUp = new Promise<'late'>((resolve) => {
    const late = (): void => resolve('late')
    const timer = withinMs === undefined ? undefined : setTimeout(late, Math.min(withinMs, 2_147_483_647))
    if (signal?.aborted) late()
    signal?.addEventListener('abort', late)
    stopWaiting = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', late)
    }
  })
  const isLate = (await Promise.race([allEnded, timeIsUp])) === 'late'
  stopWaiting()
  if (!isLate) return
  stop()
  await atMost(allEnded, 1_000)
}

/** Waits for a promise, but not longer than so many milliseconds. */
async function atMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await Promise.race([
    promise,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}

function openContext(options: RuntimeOptions): { context: RuntimeContext; opening: ConnectionContext } {
  const problems = createProblems()
  checkRuntimeOptions(options, problems)
  problems.throwIfAny()
  const clock = runningClock(options.clock)
  const { limits } = options
  const on = guardListeners(options.on)
  const deadlines = createActionDeadlines(
    limits?.actionTimeoutMs ?? requestsPerAction * (limits?.timeoutMs ?? defaultTimeoutMs),
  )
  const opening: ConnectionContext = {
    options: {
      ...options,
      on: { ...options.on, ...(on.filterError && { filterError: on.filterError }), warning: on.warning },
    },
    clock,
    deadlines,
    prepare: sharePreparations(),
    report: on.report,
  }
  const dispatcher = createDispatcher(openConnections(options.connections, problems, opening), {
    clock,
    deadlines,
    random: options.random ?? Math.random,
    on,
  })
  const routes = routesTo(dispatcher.connections)
  const context: RuntimeContext = {
    clock,
    deadlines,
    dispatcher,
    routes,
    places: placesOf(routes),
    retry: { ...defaultRetryPolicy, allowDuplicates: false, ...options.retry },
    report: on.report,
    storeError: on.storeError,
    calls: createWaitingLine(),
  }
  return { context, opening }
}
