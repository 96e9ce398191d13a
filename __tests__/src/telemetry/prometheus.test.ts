import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from 'waybill'
import { createTally, prometheusText } from 'waybill/telemetry'
import { descriptions } from '../../../src/telemetry/descriptions'
import { createHistogram, quantileOf } from '../../../src/telemetry/histogram'

const outcome = (kind: string, more: object = {}): Outcome =>
  ({
    index: 0,
    connection: 'Zaius',
    subscription: 'Orders',
    action: 'orderEvent',
    attempt: 1,
    durationMs: 5,
    kind,
    ...more,
  }) as Outcome

test('counters, gauges and histograms in the text of Prometheus, names and labels escaped', () => {
  const tally = createTally(() => 0)
  tally.received(3, 'we"b\n')
  tally.ended(outcome('delivered'), 40)
  tally.ended(outcome('delivered'), 40)
  tally.ended(outcome('rejected', { code: 'HTTP_400' }), 2_000)
  tally.attempted({
    connection: 'Zaius',
    kind: 'retry',
    code: 'HTTP_503',
    durationMs: 30,
    again: true,
    batchSize: 4,
  })
  const text = prometheusText(tally, [
    { name: 'waybill.queue.oldest', value: 12.5, attributes: { 'waybill.connection': 'Zaius' } },
  ])
  expect(text).toContain('waybill_events_received_total{waybill_source="we\\"b\\n"} 3\n')
  expect(text).toContain(
    'waybill_outcomes_total{waybill_connection="Zaius",waybill_action="orderEvent",waybill_outcome="delivered"} 2\n',
  )
  expect(text).toContain(
    'waybill_outcomes_total{waybill_connection="Zaius",waybill_action="orderEvent",waybill_outcome="rejected",error_type="HTTP_400"} 1\n',
  )
  expect(text).toContain('waybill_queue_oldest_seconds{waybill_connection="Zaius"} 12.5\n')
  expect(text).toContain(
    'waybill_delivery_age_seconds_bucket{waybill_connection="Zaius",waybill_outcome="delivered",le="0.05"} 2\n',
  )
  expect(text).toContain(
    'waybill_delivery_age_seconds_bucket{waybill_connection="Zaius",waybill_outcome="rejected",le="+Inf"} 1\n',
  )
  expect(text).toContain('waybill_batch_size_sum{waybill_connection="Zaius"} 4\n')
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[^{}]*\})? -?[\d.e+]+)$/)
})

test('every series has one type and its samples follow it', () => {
  const tally = createTally(() => 0)
  tally.ended(outcome('delivered'), 1)
  const names = [...prometheusText(tally, []).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  expect(new Set(names).size).toBe(names.length)
})

test('counts over time: a step that is over is what was counted in it, and old ones are forgotten', () => {
  let now = 1_000_000_000_000
  const tally = createTally(() => now)
  tally.received(5, 'web')
  now += 60_000
  tally.received(7, 'web')
  const hour = tally.series().read('1h', now)
  expect(hour.received).toHaveLength(60)
  expect(hour.received.slice(-2)).toEqual([5, 7])
  expect(tally.series().sum('received', 30_000, now)).toBe(7)
  now += 3 * 3_600_000
  expect(
    tally
      .series()
      .read('1h', now)
      .received.every((count) => count === 0),
  ).toBe(true)
  expect(
    tally
      .series()
      .read('24h', now)
      .received.reduce((sum, count) => sum + count, 0),
  ).toBe(12)
})

test('a clock that goes back counts into the latest step', () => {
  let now = 1_000_000_000_000
  const tally = createTally(() => now)
  tally.received(1, 'web')
  now -= 3_600_000
  tally.received(1, 'web')
  expect(tally.series().read('15m', now).received.at(-1)).toBe(2)
})

test('quantiles lie within the bucket that holds them', () => {
  const histogram = createHistogram([1, 2, 4])
  for (const value of [0.5, 1.5, 1.5, 3]) histogram.add(value)
  expect(quantileOf(histogram, 0.5)).toBeGreaterThan(1)
  expect(quantileOf(histogram, 0.5)).toBeLessThanOrEqual(2)
  expect(quantileOf(createHistogram([1]), 0.5)).toBeUndefined()
})

test('the page lists every metric with its unit', () => {
  const page = readFileSync(join(__dirname, '../../../docs/observability.md'), 'utf8')
  for (const [name, { unit }] of Object.entries(descriptions))
    expect(page).toMatch(
      new RegExp(`^\\| \`${name.replaceAll('.', '\\.')}\` \\|.*${unit.replace(/[{}]/g, '\\$&')}`, 'm'),
    )
})
