import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from 'waybill'
import { createTally, type Gauge, prometheusText } from 'waybill/telemetry'
import { gaugeNames } from '../../../src/telemetry/gauges'

const folder = join(__dirname, '../../../docs')

test('dashboard and alerts ask for series that there are', () => {
  const tally = createTally()
  tally.received(1, 'web')
  tally.ended({ kind: 'delivered', connection: 'a', action: 'b' } as Outcome, 1)
  tally.attempted({ connection: 'a', kind: 'delivered', durationMs: 1, again: false })
  const gauges = gaugeNames.map((name): Gauge => ({ name, value: 1, attributes: {} }))
  const given = new Set(prometheusText(tally, gauges).match(/^[a-z_]+(?=[{ ])/gm))
  const dashboard = JSON.parse(readFileSync(join(folder, 'grafana.json'), 'utf8')) as {
    panels: { targets: { expr: string }[] }[]
  }
  const alerts =
    readFileSync(join(folder, 'observability.md'), 'utf8')
      .split('## Alerts')[1]
      ?.split('## OpenTelemetry')[0] ?? ''
  const asked = [...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), alerts].join(
    '\n',
  )
  const names = new Set(
    asked
      .match(/\bwaybill_[a-z_]+(?=[{[ )]|$)/g)
      ?.filter(
        (name) =>
          !/_(source|outcome|connection|state|action)$/.test(name) || name === 'waybill_connection_state',
      ),
  )
  expect(names.size).toBeGreaterThan(5)
  expect([...names].filter((name) => !given.has(name))).toEqual([])
})
