import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { Outcome } from 'waybill'
import { createTally, startOpenTelemetry } from 'waybill/telemetry'

const exporter = new InMemorySpanExporter()
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({
  exporter: metricExporter,
  exportIntervalMillis: 3_600_000,
})

beforeAll(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
})
afterAll(() => reader.shutdown())

const incoming = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('an attempt is a root span that links to the request which brought its event, with its requests below', () => {
  const telemetry = startOpenTelemetry({ tally: createTally() })
  const traceparent = telemetry.intake({
    method: 'POST',
    route: '/v1/batch',
    status: 200,
    events: 2,
    startedAt: 1_000,
    endedAt: 1_010,
    traceparent: incoming,
  })
  telemetry.attempt({
    connection: 'Zaius',
    action: 'orderEvent',
    kind: 'rejected',
    code: 'HTTP_400',
    startedAt: 2_000,
    endedAt: 2_100,
    messageIds: ['m-1'],
    traceparents: [traceparent],
    requests: [
      {
        method: 'POST',
        url: 'https://user:secret@api.zaius.com/v3/events?key=secret',
        status: 400,
        startedAt: 2_010,
        endedAt: 2_090,
      },
    ],
  })
  telemetry.close()
  const spans = exporter.getFinishedSpans()
  const [intake, request, attempt] = spans
  expect(intake).toMatchObject({ name: 'POST /v1/batch', kind: SpanKind.SERVER })
  expect(intake?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
  expect(attempt).toMatchObject({
    name: 'process Zaius',
    kind: SpanKind.CONSUMER,
    status: { code: SpanStatusCode.ERROR },
  })
  expect(attempt?.parentSpanContext).toBeUndefined()
  expect(attempt?.links.map(({ context }) => context.spanId)).toEqual([intake?.spanContext().spanId])
  expect(attempt?.attributes).toMatchObject({
    'messaging.message.id': 'm-1',
    'waybill.outcome': 'rejected',
    'error.type': 'HTTP_400',
  })
  expect(request?.parentSpanContext?.spanId).toBe(attempt?.spanContext().spanId)
  expect(request?.attributes['url.full']).toBe('https://api.zaius.com/v3/events')
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('secret')
})

test('metrics read the tally: the same numbers, and histograms with our bounds', async () => {
  const tally = createTally()
  const telemetry = startOpenTelemetry({
    tally,
    gauges: async () => [
      { name: 'waybill.queue.oldest', value: 3, attributes: { 'waybill.connection': 'Zaius' } },
    ],
  })
  tally.received(4, 'web')
  tally.ended({ kind: 'delivered', connection: 'Zaius', action: 'orderEvent' } as Outcome, 1_500)
  await reader.forceFlush()
  telemetry.close()
  const found =
    metricExporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
  const named = (name: string) => found.find(({ descriptor }) => descriptor.name === name)
  expect(named('waybill.events.received')?.dataPoints.map(({ value }) => value)).toEqual([4])
  expect(named('waybill.queue.oldest')?.dataPoints.map(({ value }) => value)).toEqual([3])
  const age = named('waybill.delivery.age')?.dataPoints[0]?.value as {
    count: number
    sum: number
    buckets: { boundaries: number[] }
  }
  expect(age).toMatchObject({ count: 1, sum: 1.5 })
  expect(age.buckets.boundaries).toContain(14_400)
})
