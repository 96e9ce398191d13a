import type { Outcome, OutcomeKind } from '../outcome'
import { ageBounds, batchBounds, createHistogram, durationBounds, type Histogram } from './histogram'
import { createSeries, type SeriesCounter } from './series'

/** Attributes of a measurement, by the names of docs/observability.md. No value of an event is ever one. */
export type Attributes = Readonly<Record<string, string>>

export type Counted = { readonly attributes: Attributes; value: number }
export type Measured = { readonly attributes: Attributes; readonly histogram: Histogram }

export const counterNames = ['waybill.events.received', 'waybill.outcomes', 'waybill.attempts'] as const
export type CounterName = (typeof counterNames)[number]

const bounds = {
  'waybill.attempt.duration': durationBounds,
  'waybill.delivery.age': ageBounds,
  'waybill.batch.size': batchBounds,
  'waybill.store.write.duration': durationBounds,
  'http.client.request.duration': durationBounds,
  'http.server.request.duration': durationBounds,
} as const
export type HistogramName = keyof typeof bounds
export const histogramNames = Object.keys(bounds) as HistogramName[]

/** An HTTP request that was sent to a destination or answered by us. Durations in milliseconds. */
export type MeasuredRequest = {
  readonly method: string
  readonly durationMs: number
  readonly status?: number
  readonly errorType?: string
}

/**
 * The one place where deliveries are counted. The console, the report, `/metrics` and OpenTelemetry all read it, so
 * they cannot disagree.
 */
export type Tally = {
  /** Events that came in by a source. */
  received(count: number, source: string): void
  /** An event of a source that was not taken, and the code of why. */
  refused(count: number, source: string, code: string): void
  /** The one end of an event and a subscription. `ageMs`: milliseconds since it was received. */
  ended(outcome: Outcome, ageMs?: number): void
  /** One attempt. `again`: it will be made again. */
  attempted(attempt: {
    readonly connection: string
    readonly kind: OutcomeKind
    readonly durationMs: number
    readonly code?: string
    readonly again: boolean
    readonly batchSize?: number
  }): void
  sent(request: MeasuredRequest & { readonly address: string; readonly port: number }): void
  served(request: MeasuredRequest & { readonly route: string }): void
  stored(durationMs: number): void
  readonly counters: ReadonlyMap<CounterName, readonly Counted[]>
  readonly histograms: ReadonlyMap<HistogramName, readonly Measured[]>
  /** Counts over time: of all connections, or of one. */
  series(connection?: string): SeriesCounter
  /** Upper bounds of the buckets of a histogram. */
  boundsOf(name: HistogramName): readonly number[]
  /** Calls back with every value of a histogram; the result takes it off. */
  onMeasure(listener: (name: HistogramName, value: number, attributes: Attributes) => void): () => void
}

/** Creates an empty tally. `now`: milliseconds since the epoch. */
export function createTally(now: () => number = Date.now): Tally {
  const counters = new Map<CounterName, Counted[]>(counterNames.map((name) => [name, []]))
  const histograms = new Map<HistogramName, Measured[]>(histogramNames.map((name) => [name, []]))
  const places = new Map<string, Counted | Measured>()
  const all = createSeries()
  const byConnection = new Map<string, SeriesCounter>()
  const listeners = new Set<(name: HistogramName, value: number, attributes: Attributes) => void>()

  /** `key` is made of the attributes' values, in one order for each name. */
  function add(name: CounterName, key: string, amount: number, attributes: () => Attributes): void {
    let counted = places.get(key) as Counted | undefined
    if (counted === undefined) {
      counted = { attributes: attributes(), value: 0 }
      places.set(key, counted)
      counters.get(name)?.push(counted)
    }
    counted.value += amount
  }

  function measure(name: HistogramName, key: string, value: number, attributes: () => Attributes): void {
    let measured = places.get(key) as Measured | undefined
    if (measured === undefined) {
      measured = { attributes: attributes(), histogram: createHistogram(bounds[name]) }
      places.set(key, measured)
      histograms.get(name)?.push(measured)
    }
    measured.histogram.add(value)
    if (listeners.size > 0) for (const listener of listeners) listener(name, value, measured.attributes)
  }

  const seriesOf = (connection: string): SeriesCounter => {
    let series = byConnection.get(connection)
    if (series === undefined) {
      series = createSeries()
      byConnection.set(connection, series)
    }
    return series
  }

  const requestAttributes = ({ method, status, errorType }: MeasuredRequest): Attributes => ({
    'http.request.method': method,
    ...(status !== undefined && { 'http.response.status_code': String(status) }),
    ...(errorType !== undefined && { 'error.type': errorType }),
  })

  return {
    received(count, source) {
      add('waybill.events.received', `in|${source}`, count, () => ({ 'waybill.source': source }))
      all.count('received', count, now())
    },
    refused(count, source, code) {
      add('waybill.events.received', `in|${source}|${code}`, count, () => ({
        'waybill.source': source,
        'error.type': code,
      }))
    },
    ended(outcome, ageMs) {
      const { connection, action = '', kind } = outcome
      const code = 'code' in outcome ? outcome.code : ''
      add('waybill.outcomes', `out|${connection}|${action}|${kind}|${code}`, 1, () => ({
        'waybill.connection': connection,
        ...(action !== '' && { 'waybill.action': action }),
        'waybill.outcome': kind,
        ...(code !== '' && { 'error.type': code }),
      }))
      const time = now()
      all.count(kind, 1, time)
      seriesOf(connection).count(kind, 1, time)
      if (ageMs !== undefined)
        measure('waybill.delivery.age', `age|${connection}|${kind}`, ageMs / 1_000, () => ({
          'waybill.connection': connection,
          'waybill.outcome': kind,
        }))
    },
    attempted({ connection, kind, durationMs, code = '', again, batchSize }) {
      add('waybill.attempts', `try|${connection}|${kind}|${code}`, 1, () => ({
        'waybill.connection': connection,
        'waybill.outcome': kind,
        ...(code !== '' && { 'error.type': code }),
      }))
      measure('waybill.attempt.duration', `took|${connection}|${kind}`, durationMs / 1_000, () => ({
        'waybill.connection': connection,
        'waybill.outcome': kind,
      }))
      if (batchSize !== undefined)
        measure('waybill.batch.size', `batch|${connection}`, batchSize, () => ({
          'waybill.connection': connection,
        }))
      if (!again) return
      const time = now()
      all.count(kind, 1, time)
      seriesOf(connection).count(kind, 1, time)
    },
    sent(request) {
      const { method, status = '', errorType = '', address, port } = request
      measure(
        'http.client.request.duration',
        `sent|${method}|${address}|${port}|${status}|${errorType}`,
        request.durationMs / 1_000,
        () => ({ ...requestAttributes(request), 'server.address': address, 'server.port': String(port) }),
      )
    },
    served(request) {
      const { method, status = '', errorType = '', route } = request
      measure(
        'http.server.request.duration',
        `served|${method}|${route}|${status}|${errorType}`,
        request.durationMs / 1_000,
        () => ({ ...requestAttributes(request), 'http.route': route }),
      )
    },
    stored: (durationMs) => measure('waybill.store.write.duration', 'stored', durationMs / 1_000, () => ({})),
    counters,
    histograms,
    boundsOf: (name) => bounds[name],
    series: (connection) => (connection === undefined ? all : seriesOf(connection)),
    onMeasure(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
