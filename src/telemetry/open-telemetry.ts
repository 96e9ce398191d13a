import type { Context, Link, Attributes as OtelAttributes, SpanContext } from '@opentelemetry/api'
import { descriptions } from './descriptions'
import { gaugeNames, type ReadGauges } from './gauges'
import { counterNames, histogramNames, type Tally } from './tally'

type Api = typeof import('@opentelemetry/api')

/** One attempt, as a span tells it. Times in milliseconds since the epoch. */
export type TracedAttempt = {
  readonly connection: string
  readonly action: string
  readonly kind: string
  readonly code?: string
  readonly message?: string
  readonly startedAt: number
  readonly endedAt: number
  /** One event, or a batch. */
  readonly messageIds: readonly string[]
  /** `traceparent` of the requests that brought the events; at most 128 become links. */
  readonly traceparents?: readonly string[]
  readonly requests?: readonly TracedRequest[]
}

/** A request of an attempt. */
export type TracedRequest = {
  readonly method: string
  readonly url: string
  readonly status?: number
  readonly errorType?: string
  readonly startedAt: number
  readonly endedAt: number
  /** How often it had been sent before. */
  readonly resendCount?: number
}

/** A request that brought events. */
export type TracedIntake = {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly events: number
  readonly startedAt: number
  readonly endedAt: number
  readonly traceparent?: string
}

/** What a runtime tells OpenTelemetry. Nothing happens without an SDK that the program has set up. */
export type OpenTelemetry = {
  attempt(attempt: TracedAttempt): void
  /** Gives the `traceparent` of the span, to be kept with the events. */
  intake(intake: TracedIntake): string
  close(): void
}

const scope = 'waybill'
const maxLinks = 128

/** `@opentelemetry/api` is an optional peer: loading it costs up to 49 ms, so only who asks for it pays. */
function load(): Api {
  try {
    return require('@opentelemetry/api') as Api
  } catch (cause) {
    throw new Error('telemetry needs the package @opentelemetry/api; install it, or leave telemetry off', {
      cause,
    })
  }
}

/**
 * Reports a tally and attempts to OpenTelemetry: counters and gauges as observable instruments over the tally,
 * histograms as they are measured, attempts as spans that link to the requests which brought their events.
 * @throws Error where `@opentelemetry/api` is not installed.
 */
export function startOpenTelemetry(options: {
  readonly tally: Tally
  readonly gauges?: ReadGauges
  readonly version?: string
}): OpenTelemetry {
  const api = load()
  const stopMetrics = reportMetrics(api, options)
  const tracer = api.trace.getTracer(scope, options.version)

  return {
    attempt(attempt) {
      const { startedAt, endedAt, messageIds } = attempt
      const links = (attempt.traceparents ?? []).slice(0, maxLinks).flatMap((text): Link[] => {
        const context = parseTraceparent(text)
        return context === undefined ? [] : [{ context }]
      })
      const span = tracer.startSpan(
        `process ${attempt.connection}`,
        {
          kind: api.SpanKind.CONSUMER,
          root: true,
          links,
          startTime: startedAt,
          attributes: attemptAttributes(attempt),
        },
        api.ROOT_CONTEXT,
      )
      if (attempt.kind !== 'delivered' && attempt.kind !== 'skipped')
        span.setStatus({
          code: api.SpanStatusCode.ERROR,
          ...(attempt.code !== undefined && { message: attempt.code }),
        })
      if (messageIds.length === 1) span.setAttribute('messaging.message.id', messageIds[0] as string)
      const parent = api.trace.setSpan(api.ROOT_CONTEXT, span)
      for (const request of attempt.requests ?? []) requestSpan(api, tracer, request, parent)
      span.end(endedAt)
    },
    intake({ method, route, status, events, startedAt, endedAt, traceparent }) {
      const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent)
      const parent =
        remote === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, remote)
      const span = tracer.startSpan(
        `${method} ${route}`,
        {
          kind: api.SpanKind.SERVER,
          startTime: startedAt,
          attributes: {
            'http.request.method': method,
            'http.route': route,
            'http.response.status_code': status,
            'messaging.batch.message_count': events,
          },
        },
        parent,
      )
      if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR })
      span.end(endedAt)
      return formatTraceparent(span.spanContext())
    },
    close: stopMetrics,
  }
}

const attemptAttributes = ({
  connection,
  action,
  kind,
  code,
  messageIds,
}: TracedAttempt): OtelAttributes => ({
  'messaging.system': 'waybill',
  'messaging.operation.type': 'process',
  'messaging.operation.name': 'deliver',
  'messaging.destination.name': connection,
  'messaging.batch.message_count': messageIds.length,
  'waybill.action': action,
  'waybill.outcome': kind,
  ...(code !== undefined && { 'error.type': code }),
})

function requestSpan(
  api: Api,
  tracer: ReturnType<Api['trace']['getTracer']>,
  request: TracedRequest,
  parent: Context,
) {
  const { method, status, errorType, startedAt, endedAt, resendCount } = request
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined
  const span = tracer.startSpan(
    method,
    {
      kind: api.SpanKind.CLIENT,
      startTime: startedAt,
      attributes: {
        'http.request.method': method,
        ...(url !== undefined && {
          'server.address': url.hostname,
          'server.port': portOf(url),
          'url.full': `${url.origin}${url.pathname}`,
        }),
        ...(status !== undefined && { 'http.response.status_code': status }),
        ...(resendCount !== undefined && { 'http.request.resend_count': resendCount }),
        ...(errorType !== undefined && { 'error.type': errorType }),
      },
    },
    parent,
  )
  if (errorType !== undefined || (status ?? 0) >= 400) span.setStatus({ code: api.SpanStatusCode.ERROR })
  span.end(endedAt)
}

/** The port of an address, the scheme's where none is written. */
export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Reads a `traceparent` header; undefined where it is none. */
export function parseTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparentPattern.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

/** 55 bytes, to be kept with an event. */
const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

function reportMetrics(
  api: Api,
  { tally, gauges, version }: { tally: Tally; gauges?: ReadGauges; version?: string },
): () => void {
  const meter = api.metrics.getMeter(scope, version)
  const stops: (() => void)[] = []
  for (const name of counterNames) {
    const counter = meter.createObservableCounter(name, descriptions[name])
    const observe: Parameters<typeof counter.addCallback>[0] = (result) => {
      for (const { attributes, value } of tally.counters.get(name) ?? []) result.observe(value, attributes)
    }
    counter.addCallback(observe)
    stops.push(() => counter.removeCallback(observe))
  }
  const histograms = new Map(
    histogramNames.map((name) => [
      name,
      meter.createHistogram(name, {
        ...descriptions[name],
        advice: { explicitBucketBoundaries: [...tally.boundsOf(name)] },
      }),
    ]),
  )
  stops.push(tally.onMeasure((name, value, attributes) => histograms.get(name)?.record(value, attributes)))
  if (gauges !== undefined) {
    const instruments = gaugeNames.map((name) => meter.createObservableGauge(name, descriptions[name]))
    const observeAll: Parameters<typeof meter.addBatchObservableCallback>[0] = async (result) => {
      for (const { name, value, attributes } of await gauges()) {
        const instrument = instruments[gaugeNames.indexOf(name)]
        if (instrument !== undefined) result.observe(instrument, value, attributes)
      }
    }
    meter.addBatchObservableCallback(observeAll, instruments)
    stops.push(() => meter.removeBatchObservableCallback(observeAll, instruments))
  }
  return () => {
    for (const stop of stops) stop()
  }
}
