import { createFetchTransport } from '../delivery/request/fetch-transport'
import { createRequestClientFactory } from '../delivery/request/request-client'
import type { Transport } from '../delivery/request/transport'
import { createUndiciTransport } from '../delivery/request/undici-transport'
import { defaultRetryPolicy } from '../delivery/retry'
import { ClosedError, ConfigurationError } from '../errors'
import type { SegmentEvent } from '../event'
import type { Outcome, OutcomeKind, SkipReason } from '../outcome'
import { type DeliveryContext, type Only, type Sink, startRun } from './delivery-run'
import type { AttemptRecord } from './item'
import { defaultConcurrency, type OpenConnection, openConnection } from './open-connection'
import type { RuntimeOptions } from './options'
import { createProblems } from './problems'
import { untilRoom } from './room'
import { skippedOutcome } from './skipped-outcome'
import { systemClock } from './system-clock'
import { createTotals, type Totals } from './totals'

const defaultMaxPending = 5_000

/** What `stream` is told besides the events. */
export type StreamOptions = {
  /** Stops reading; what is in flight ends, what waits gets the outcome `retry` with the code INTERRUPTED. */
  readonly signal?: AbortSignal
  /**
   * Called once for each event and subscription, in the order in which they end; not for skips, which only the
   * totals count. `attempts` are those before the last.
   */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent, attempts: readonly AttemptRecord[]) => void
  /** Restricts events to the subscription from which they came back; by position in the source. */
  readonly only?: (index: number) => Only | undefined
}

/** Delivers events to its connections. Made by `createRuntime`. */
export type Runtime = {
  /**
   * Delivers events and resolves with one outcome for each event and subscription: events in the given order, then
   * connections and subscriptions in the order of the configuration. Never rejects because of an event.
   * @throws ClosedError after `close()`.
   */
  send(events: readonly SegmentEvent[], options?: { readonly signal?: AbortSignal }): Promise<Outcome[]>
  /**
   * Delivers any number of events in bounded memory: the source is asked for more only while fewer than
   * `limits.maxPending` event-subscription pairs are under way, and while a connection has little waiting to be sent.
   * Rejects only if the source does, after everything that was taken from it has ended.
   * @throws ClosedError after `close()`.
   */
  stream(
    source: AsyncIterable<readonly SegmentEvent[]> | Iterable<readonly SegmentEvent[]>,
    options?: StreamOptions,
  ): Promise<Totals>
  /** Names of connections and their subscriptions, in the order of the configuration. */
  readonly connections: readonly { readonly name: string; readonly subscriptions: readonly string[] }[]
  /** Resolves when everything that was handed over has ended and all connections to destinations are closed. */
  close(): Promise<void>
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
  const transport = transportOf(options)
  const context = openContext(options, transport)
  const maxPending = options.limits?.maxPending ?? defaultMaxPending
  const runs = new Set<Promise<unknown>>()
  let isClosed = false

  const track = <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (isClosed) return Promise.reject(new ClosedError('the runtime is closed; create a new one'))
    const running = run()
    runs.add(running)
    running.then(
      () => runs.delete(running),
      () => runs.delete(running),
    )
    return running
  }

  return {
    send: (events, { signal } = {}) => track(() => sendAll(context, events, signal)),
    stream: (source, streamOptions = {}) =>
      track(() => streamAll(context, source, maxPending, streamOptions)),
    connections: context.connections.map(({ name, subscriptions }) => ({
      name,
      subscriptions: subscriptions.map((subscription) => subscription.name),
    })),
    async close() {
      isClosed = true
      await Promise.allSettled([...runs])
      await transport.close()
    },
  }
}

/** One connection per request in flight, and one to spare, so that a slow answer never makes a new one. */
function transportOf(options: RuntimeOptions): Transport {
  if (options.fetch !== undefined) return createFetchTransport(() => options.fetch as typeof fetch)
  const concurrency = options.connections.map((connection) => connection?.limits?.concurrency ?? 0)
  const connections = Math.max(options.limits?.concurrency ?? defaultConcurrency, ...concurrency) + 1
  return createUndiciTransport({ connections })
}

function openContext(options: RuntimeOptions, transport: Transport): DeliveryContext {
  if (!Array.isArray(options.connections))
    throw new ConfigurationError('INVALID_CONFIGURATION', 'give a list of connections', {
      path: 'connections',
    })
  const clock = options.clock ?? systemClock
  const { timeoutMs, maxResponseBytes } = options.limits ?? {}
  const client = createRequestClientFactory({
    transport,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  })
  const problems = createProblems()
  const names = new Set<string>()
  const connections = options.connections.flatMap((connection, index) => {
    const path = `connections[${index}]`
    const { destination } = connection
    const name = connection.name ?? destination?.slug ?? destination?.name ?? path
    if (names.has(name))
      problems.add(
        `${path}.name`,
        'INVALID_CONFIGURATION',
        `two connections are called "${name}"; name one of them`,
      )
    names.add(name)
    const opened = openConnection(connection, name, path, { options, clock, client }, problems)
    return opened === undefined ? [] : [opened]
  })
  problems.throwIfAny()
  return {
    connections,
    clock,
    random: options.random ?? Math.random,
    retry: { ...defaultRetryPolicy, allowDuplicates: false, ...options.retry },
    on: options.on ?? {},
  }
}

function sendAll(
  context: DeliveryContext,
  events: readonly SegmentEvent[],
  signal: AbortSignal | undefined,
): Promise<Outcome[]> {
  const perEvent = positions(context.connections)
  const outcomes = new Array<Outcome>(events.length * perEvent.size)
  const place = (index: number, connection: string, subscription: string, outcome: Outcome): void => {
    outcomes[index * perEvent.size + perEvent.of(connection, subscription)] = outcome
  }
  const sink: Sink = {
    settled: (outcome) => place(outcome.index, outcome.connection, outcome.subscription as string, outcome),
    skipped: (index, event, connection, subscription, reason) =>
      place(
        index,
        connection.name,
        subscription.name,
        skippedOutcome(index, event, connection, subscription, reason),
      ),
  }
  const run = startRun(context, sink, signal)
  events.forEach((event, index) => {
    run.process(event, index)
  })
  run.finish()
  if (run.pending === 0) return Promise.resolve(outcomes)
  return new Promise((resolve) => run.whenPendingAtMost(0, () => resolve(outcomes)))
}

/** Where the outcome of a subscription stands among those of an event. */
function positions(connections: readonly OpenConnection[]) {
  const byConnection = new Map<string, Map<string, number>>()
  let size = 0
  for (const { name, subscriptions } of connections) {
    const bySubscription = new Map<string, number>()
    for (const subscription of subscriptions) bySubscription.set(subscription.name, size++)
    byConnection.set(name, bySubscription)
  }
  return {
    size,
    of: (connection: string, subscription: string): number =>
      byConnection.get(connection)?.get(subscription) as number,
  }
}

async function streamAll(
  context: DeliveryContext,
  source: AsyncIterable<readonly SegmentEvent[]> | Iterable<readonly SegmentEvent[]>,
  maxPending: number,
  { signal, onOutcome, only }: StreamOptions,
): Promise<Totals> {
  const totals = createTotals(context.connections)
  const count = (connection: string, subscription: string, kind: OutcomeKind, reason?: SkipReason): void =>
    totals.count(connection, subscription, kind, reason)
  const sink: Sink = {
    settled(outcome, event, attempts) {
      count(
        outcome.connection,
        outcome.subscription as string,
        outcome.kind,
        outcome.kind === 'skipped' ? outcome.reason : undefined,
      )
      if (outcome.kind !== 'skipped') onOutcome?.(outcome, event, attempts)
    },
    skipped: (_index, _event, connection, subscription, reason) =>
      count(connection.name, subscription.name, 'skipped', reason),
  }
  const run = startRun(context, sink, signal)
  let index = 0
  try {
    for await (const events of source) {
      for (const event of events) {
        if (signal?.aborted) break
        run.process(event, index, only?.(index))
        index += 1
        totals.value.events += 1
        if (run.pending >= maxPending)
          await new Promise<void>((resolve) => run.whenPendingAtMost(Math.floor(maxPending * 0.8), resolve))
        const room = untilRoom(context.connections)
        if (room !== undefined) await room
      }
      if (signal?.aborted) break
    }
  } finally {
    run.finish()
    await new Promise<void>((resolve) => run.whenPendingAtMost(0, resolve))
  }
  return totals.value
}
