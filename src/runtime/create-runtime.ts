import { createFetchTransport } from '../delivery/request/fetch-transport'
import { createRequestClientFactory } from '../delivery/request/request-client'
import type { Transport } from '../delivery/request/transport'
import { createUndiciTransport } from '../delivery/request/undici-transport'
import { defaultRetryPolicy } from '../delivery/retry'
import { ClosedError, ConfigurationError } from '../errors'
import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import { type DeliveryContext, DeliveryRun, type Only, type Sink } from './dispatch/delivery-run'
import type { AttemptRecord } from './dispatch/item'
import { untilRoom } from './dispatch/room'
import { skippedOutcome } from './dispatch/skipped-outcome'
import { createTotals, type Totals } from './dispatch/totals'
import { defaultConcurrency, type OpenConnection, openConnection } from './open/open-connection'
import type { OpenSubscription } from './open/open-subscription'
import { createProblems } from './open/problems'
import { sharePreparations } from './open/shared-preparations'
import { type ConnectionOperations, connectionOperations } from './operations/connection-operations'
import type { RuntimeOptions } from './options'
import { systemClock } from './system-clock'

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
  /**
   * What can be asked of a connection beside delivering events: test its credentials, the choices of a field, hooks,
   * audiences, deletions.
   * @throws ConfigurationError UNKNOWN_CONNECTION, with the names that exist.
   */
  connection(name: string): ConnectionOperations
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
  const places = placesOf(context.connections)
  const maxPending = options.limits?.maxPending ?? defaultMaxPending
  const runs = new Set<Promise<unknown>>()
  let isClosed = false

  /** What ends at once is not kept track of. */
  const track = <Result>(run: () => Result | Promise<Result>): Promise<Result> => {
    if (isClosed) return Promise.reject(new ClosedError('the runtime is closed; create a new one'))
    const running = run()
    if (!(running instanceof Promise)) return Promise.resolve(running)
    runs.add(running)
    running.then(
      () => runs.delete(running),
      () => runs.delete(running),
    )
    return running
  }

  return {
    send: (events, { signal } = {}) => track(() => sendAll(context, places, events, signal)),
    stream: (source, streamOptions = {}) =>
      track(() => streamAll(context, source, maxPending, streamOptions)),
    connections: context.connections.map(({ name, subscriptions }) => ({
      name,
      subscriptions: subscriptions.map((subscription) => subscription.name),
    })),
    connection: (name) => connectionOperations(context, name, track),
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
  const clock = options.clock ?? systemClock
  const { timeoutMs, maxResponseBytes } = options.limits ?? {}
  const client = createRequestClientFactory({
    transport,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  })
  const problems = createProblems()
  const prepare = sharePreparations()
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
    const opened = openConnection(connection, name, path, { options, clock, client, prepare }, problems)
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
  places: Places,
  events: readonly SegmentEvent[],
  signal: AbortSignal | undefined,
): Outcome[] | Promise<Outcome[]> {
  const { size, hasDeletions } = places
  const outcomes = new Array<Outcome>(events.length * size)
  const place = (index: number, subscription: OpenSubscription, outcome: Outcome): void => {
    outcomes[index * size + (places.of.get(subscription) as number)] = outcome
  }
  const sink: Sink = {
    wantsOutcomes: true,
    settled: (item, _verdict, outcome) => place(item.index, item.subscription, outcome as Outcome),
    skipped: (index, event, connection, subscription, reason) =>
      place(index, subscription, skippedOutcome(index, event, connection, subscription, reason)),
  }
  const run = new DeliveryRun(context, sink, signal)
  for (let index = 0; index < events.length; index++) run.process(events[index] as SegmentEvent, index)
  run.finish()
  // `filter` passes over the places of deletions, which only `delete` events fill.
  const result = (): Outcome[] => (hasDeletions ? outcomes.filter(() => true) : outcomes)
  if (run.pending === 0) return result()
  return new Promise((resolve) => run.whenPendingAtMost(0, () => resolve(result())))
}

/** Where the outcome of a subscription stands among those of an event. */
type Places = {
  readonly size: number
  readonly of: ReadonlyMap<OpenSubscription, number>
  readonly hasDeletions: boolean
}

function placesOf(connections: readonly OpenConnection[]): Places {
  const all = connections.flatMap(({ subscriptions }) => subscriptions)
  return {
    size: all.length,
    of: new Map(all.map((subscription, place) => [subscription, place])),
    hasDeletions: all.some(({ isDeletion }) => isDeletion),
  }
}

async function streamAll(
  context: DeliveryContext,
  source: AsyncIterable<readonly SegmentEvent[]> | Iterable<readonly SegmentEvent[]>,
  maxPending: number,
  { signal, onOutcome, only }: StreamOptions,
): Promise<Totals> {
  const totals = createTotals(context.connections)
  const sink: Sink = {
    wantsOutcomes: onOutcome !== undefined,
    settled(item, verdict, outcome) {
      const { connection, subscription } = item
      if (verdict.kind === 'skipped') totals.count(connection, subscription, 'skipped', verdict.reason)
      else {
        totals.count(connection, subscription, verdict.kind)
        if (outcome !== undefined) onOutcome?.(outcome, item.event, item.history ?? [])
      }
    },
    skipped: (_index, _event, connection, subscription, reason) =>
      totals.count(connection, subscription, 'skipped', reason),
  }
  const run = new DeliveryRun(context, sink, signal)
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
