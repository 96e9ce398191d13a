import { useEffect, useState } from 'preact/hooks'
import type { Health, Overview } from '../../../src/console/shapes'
import type { Series, SeriesRange } from '../../../src/telemetry/series'
import { post, withQuery } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { connectionPath, navigate, query, setQuery } from '../data/router'
import { may } from '../data/session'
import { mutedCauses } from '../data/settings'
import { lastBucket, overview, setStreamQuery } from '../data/stream'
import { say } from '../data/toast'
import { takeKeys } from '../keys/keyboard'
import { useRows } from '../keys/use-rows'
import { Chart, Legend } from '../parts/chart'
import { Button, Segments } from '../parts/controls'
import { Screen } from '../parts/frame'
import { State } from '../parts/kind'
import { Spark } from '../parts/spark'
import { Failure, Skeleton } from '../parts/states'
import { capital, count, numberWord, plural, share, span } from '../words/format'
import { Causes } from './causes'
import { FirstRun } from './first-run'

const ranges = [
  ['15m', '15 min'],
  ['1h', '1 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
] as const satisfies readonly (readonly [SeriesRange, string])[]
const rangeWords: Readonly<Record<SeriesRange, string>> = {
  '15m': 'Last 15 min',
  '1h': 'Last hour',
  '24h': 'Last day',
  '7d': 'Last week',
}

/** Is everything arriving, and what needs somebody. */
export function OverviewScreen() {
  const range = (ranges.find(([key]) => key === query.value.get('range'))?.[0] ?? '1h') as SeriesRange
  const read = useResource<Overview>(withQuery('/api/overview', { range }))
  const series = useResource<Series>(
    withQuery('/api/series', { range }),
    range === '15m' || range === '1h' ? 10_000 : 60_000,
  )
  const [asTable, setAsTable] = useState(false)
  useEffect(() => setStreamQuery({ range }), [range])
  useEffect(() => takeKeys({ t: () => setAsTable((value) => !value) }), [])
  const live = overview.value?.range === range ? overview.value : undefined
  const data = live ?? read.data
  const isDim = data === undefined ? false : data.range !== range
  if (data?.isEmpty) return <FirstRun connections={data.connections} />
  const actions = (
    <Segments
      label="Range"
      value={range}
      options={ranges}
      onChange={(value) => setQuery({ range: value === '1h' ? undefined : value })}
    />
  )
  return (
    <Screen title="Overview" actions={actions} isDim={isDim}>
      {read.error && data === undefined && (
        <Failure what="The overview" error={read.error} onRetry={read.reload} />
      )}
      {data === undefined ? (
        !read.error && <Skeleton lines={7} />
      ) : (
        <>
          <Lead data={data} />
          <Causes
            causes={data.causes.filter(({ id }) => !mutedCauses.value.includes(id))}
            muted={data.causes.filter(({ id }) => mutedCauses.value.includes(id))}
          />
          <section class="panel" aria-label="Figures">
            <Figures data={data} />
            {series.data && <Chart series={withLast(series.data)} marks={data.marks} asTable={asTable} />}
            {series.error && !series.data && (
              <Failure what="The chart" error={series.error} onRetry={series.reload} />
            )}
            <Legend />
          </section>
          <ConnectionTable connections={data.connections} range={range} />
        </>
      )}
    </Screen>
  )
}

/** The step that is still running comes by the stream. */
function withLast(series: Series): Series {
  const bucket = lastBucket.value
  const last = series.received.length - 1
  if (bucket === undefined || bucket.start !== series.start + last * series.stepMs) return series
  return {
    ...series,
    received: [...series.received.slice(0, -1), bucket.received],
    kinds: Object.fromEntries(
      Object.entries(series.kinds).map(([kind, counts]) => [
        kind,
        [...counts.slice(0, -1), bucket.kinds[kind as keyof typeof bucket.kinds]],
      ]),
    ) as unknown as Series['kinds'],
  }
}

function Lead({ data }: { readonly data: Overview }) {
  const { connections, causes, figures } = data
  const needing = new Set(causes.flatMap(({ connection }) => connection ?? [])).size
  const total = connections.length
  const all = total === 1 ? 'The connection delivers.' : `All ${numberWord(total)} connections deliver.`
  const title =
    needing === 0
      ? total === 0
        ? 'No connection is open.'
        : all
      : `${capital(numberWord(needing))} of ${numberWord(total)} ${total === 1 ? 'connection needs' : `connections ${needing === 1 ? 'needs' : 'need'}`} you.`
  const moving = figures.waiting - figures.waitingPaused
  const second =
    moving > 0
      ? `Nothing is lost: ${plural(moving, 'event')} ${moving === 1 ? 'waits until it' : 'wait until they'} can be delivered.`
      : figures.dead > 0
        ? `Nothing waits. ${plural(figures.dead, 'event')} ended without being delivered; they are kept.`
        : 'Nothing waits, and nothing is lost.'
  return (
    <div class="lead">
      <h1>{title}</h1>
      <p>{second}</p>
    </div>
  )
}

function Figures({ data: { figures } }: { readonly data: Overview }) {
  const { oldest } = figures
  const items: readonly (readonly [string, string, string, string])[] = [
    ['Received', count(figures.receivedPerSecond), '/s', `peak ${count(figures.peakPerSecond)}`],
    [
      'Delivered',
      count(figures.deliveredPerSecond),
      '/s',
      figures.deliveredShare === undefined
        ? 'nothing was sent yet'
        : `${share(figures.deliveredShare)} of what was sent`,
    ],
    [
      'Waiting',
      count(figures.waiting),
      '',
      figures.waitingPaused > 0
        ? `${count(figures.waitingPaused)} in a paused connection`
        : 'none in a paused connection',
    ],
    [
      'Oldest that should move',
      oldest ? span(now.value - Date.parse(oldest.received)) : '–',
      '',
      oldest?.connection ?? 'nothing waits',
    ],
    [
      'Dead letters, 24 h',
      count(figures.deadLastDay),
      '',
      figures.deadLastHour > 0 ? `+${count(figures.deadLastHour)} in the last hour` : 'none in the last hour',
    ],
  ]
  return (
    <dl class="figures">
      {items.map(([name, value, unit, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {unit && <span class="muted"> {unit}</span>}
            <small class="cut">{note}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const pageSize = 50

function ConnectionTable({
  connections,
  range,
}: {
  readonly connections: readonly Health[]
  readonly range: SeriesRange
}) {
  const [pages, setPages] = useState(1)
  const shown = connections.slice(0, pages * pageSize)
  const open = (index: number): void => {
    const found = shown[index]
    if (found) navigate(connectionPath(found.name))
  }
  const [at] = useRows(shown.length, { Enter: open })
  const testAll = async (): Promise<void> => {
    const results = await Promise.allSettled(
      connections.map(({ name }) =>
        post<{ ok: boolean }>(`/api/connections/${encodeURIComponent(name)}/test`),
      ),
    )
    const working = results.filter((result) => result.status === 'fulfilled' && result.value.ok).length
    say(
      working === results.length
        ? `All ${numberWord(working)} credentials work.`
        : `${capital(numberWord(working))} of ${numberWord(results.length)} credentials work.`,
    )
  }
  return (
    <section class="panel" id="connections">
      <header>
        <h2>Connections</h2>
        <span class="muted">{connections.length}</span>
        <div class="end">
          {may('operate') && (
            <Button icon="plug" kind="quiet" onClick={testAll}>
              Test all credentials
            </Button>
          )}
        </div>
      </header>
      <table class="table connections">
        <thead>
          <tr>
            <th>Connection</th>
            <th>State</th>
            <th class="wide-only">{rangeWords[range]}</th>
            <th class="num wide-only">Now</th>
            <th class="num">Delivered</th>
            <th class="num">Waiting</th>
            <th class="num wide-only">Oldest</th>
            <th class="num wide-only">p95</th>
            <th class="num wide-only">Dead</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((health, index) => (
            <tr
              key={health.name}
              data-row={index}
              data-href={connectionPath(health.name)}
              class={index === at ? 'at' : ''}
              onClick={() => open(index)}
            >
              <td>
                <a href={connectionPath(health.name)}>
                  <strong>{health.name}</strong>
                </a>
                <div class="muted cut reason">{health.reason}</div>
              </td>
              <td>
                <State state={health.state} />
              </td>
              <td class="wide-only">
                <Spark counts={health.spark} class={health.state} />
              </td>
              <td class="num wide-only">
                {health.perSecond > 0 ? (
                  <>
                    {count(health.perSecond)}
                    <span class="muted">/s</span>
                  </>
                ) : (
                  <span class="muted">0</span>
                )}
              </td>
              <td class="num">
                {health.delivered === undefined ? <span class="muted">–</span> : share(health.delivered)}
              </td>
              <td class="num">{count(health.waiting)}</td>
              <td class="num wide-only">
                {health.oldest ? span(now.value - Date.parse(health.oldest)) : <span class="muted">–</span>}
              </td>
              <td class="num wide-only">
                {health.p95Ms === undefined ? <span class="muted">–</span> : span(health.p95Ms)}
              </td>
              <td class="num wide-only">
                {health.dead > 0 ? <strong>{count(health.dead)}</strong> : <span class="muted">0</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < connections.length && (
        <div class="more">
          <Button
            onClick={() => setPages(pages + 1)}
          >{`Show ${Math.min(pageSize, connections.length - shown.length)} more`}</Button>
        </div>
      )}
    </section>
  )
}
