import { useEffect, useRef, useState } from 'preact/hooks'
import type { Mark } from '../../../src/console/shapes'
import type { OutcomeKind } from '../../../src/outcome'
import type { Series } from '../../../src/telemetry/series'
import { clock, count, share } from '../words/format'
import { kindOrder } from '../words/kinds'

const above: readonly OutcomeKind[] = ['delivered', 'skipped']
const below: readonly OutcomeKind[] = ['blocked', 'retry', 'invalid', 'rejected', 'unknown']
const [upHeight, downHeight, gap] = [104, 44, 3]
const height = upHeight + gap + downHeight

/** A round number that is not below. */
function ceiling(value: number): number {
  if (value <= 0) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * unit >= value) ?? 10) * unit
}

const perSecond = (value: number): string =>
  value >= 10
    ? count(value)
    : value >= 1
      ? value.toFixed(1).replace(/\.0$/, '')
      : value.toFixed(2).replace(/0$/, '')

/** Areas of some kinds, one upon the other. `sign`: 1 upwards, -1 downwards. */
function areas(series: Series, kinds: readonly OutcomeKind[], top: number, width: number, sign: 1 | -1) {
  const buckets = series.received.length
  const size = sign === 1 ? upHeight : downHeight
  const base = sign === 1 ? upHeight : upHeight + gap
  const x = (index: number) => ((index / Math.max(1, buckets - 1)) * width).toFixed(1)
  const y = (value: number) => (base - sign * Math.min(1, value / top) * size).toFixed(1)
  const sums = new Array<number>(buckets).fill(0)
  return kinds.map((kind) => {
    const counts = series.kinds[kind]
    const lower = [...sums]
    for (let index = 0; index < buckets; index++) sums[index] = (sums[index] ?? 0) + (counts[index] ?? 0)
    const upper = sums.map((value, index) => `${x(index)},${y(value)}`)
    const back = lower.map((value, index) => `${x(index)},${y(value)}`).reverse()
    return {
      kind,
      area: `M${upper.join('L')}L${back.join('L')}Z`,
      line: `M${upper.join('L')}`,
      isEmpty: counts.every((value) => value === 0),
    }
  })
}

const most = (series: Series, kinds: readonly OutcomeKind[]): number =>
  Math.max(
    ...series.received.map((_, index) =>
      kinds.reduce((sum, kind) => sum + (series.kinds[kind][index] ?? 0), 0),
    ),
  )

type Props = { readonly series: Series; readonly marks: readonly Mark[]; readonly asTable: boolean }

/** Outcomes over time: what arrived above the line, what did not below it, on a scale of its own. */
export function Chart({ series, marks, asTable }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(900)
  const [at, setAt] = useState<number | undefined>(undefined)
  useEffect(() => {
    if (box.current === null) return
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(200, entry.contentRect.width)),
    )
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [asTable])
  const buckets = series.received.length
  const seconds = series.stepMs / 1_000
  const upTop = ceiling(most(series, above) / seconds) * seconds
  const downTop = ceiling(most(series, below) / seconds) * seconds
  const end = series.start + buckets * series.stepMs
  if (asTable) return <ChartTable series={series} />
  const timeAt = (index: number) => new Date(series.start + index * series.stepMs).toISOString()
  const move = (event: PointerEvent): void => {
    const rect = (event.currentTarget as Element).getBoundingClientRect()
    setAt(
      Math.max(
        0,
        Math.min(buckets - 1, Math.round(((event.clientX - rect.left) / rect.width) * (buckets - 1))),
      ),
    )
  }
  const shownMarks = marks
    .map((mark) => ({ ...mark, x: ((Date.parse(mark.at) - series.start) / (end - series.start)) * width }))
    .filter(({ x }) => x >= 0 && x <= width)
    .slice(-4)
  return (
    <div
      class="chart"
      ref={box}
      tabIndex={0}
      role="group"
      aria-label="Outcomes over time. Arrow keys read a step, t shows a table."
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        event.preventDefault()
        const next = (at ?? buckets) + (event.key === 'ArrowLeft' ? -1 : 1)
        setAt(Math.max(0, Math.min(buckets - 1, next)))
      }}
      onBlur={() => setAt(undefined)}
    >
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        onPointerMove={move}
        onPointerLeave={() => setAt(undefined)}
        aria-hidden="true"
      >
        {[0, 0.5].map((line) => (
          <line
            key={line}
            class="grid"
            x1={0}
            x2={width}
            y1={line * upHeight + 0.5}
            y2={line * upHeight + 0.5}
          />
        ))}
        {areas(series, above, upTop, width, 1).map(({ kind, area, line }) => (
          <g key={kind} class={kind}>
            <path class="soft" d={area} />
            <path class="line" d={line} />
          </g>
        ))}
        <line class="axis" x1={0} x2={width} y1={upHeight + 1.5} y2={upHeight + 1.5} />
        {areas(series, below, downTop, width, -1).map(({ kind, area, isEmpty }) => (
          <g key={kind} class={kind}>
            {!isEmpty && <path class="full" d={area} />}
          </g>
        ))}
        {shownMarks.map(({ x, at: time, text, kind }) => (
          <g key={`${time}${text}`} class={kind === 'blocked' ? 'blocked' : 'skipped'}>
            <line class="mark" x1={x} x2={x} y1={0} y2={height} />
          </g>
        ))}
        {at !== undefined && (
          <line
            class="cursor"
            x1={(at / Math.max(1, buckets - 1)) * width}
            x2={(at / Math.max(1, buckets - 1)) * width}
            y1={0}
            y2={height}
          />
        )}
      </svg>
      <span class="scale high">{perSecond(upTop / seconds)}/s</span>
      <span class="scale low">{perSecond(downTop / seconds)}/s</span>
      {shownMarks.slice(-1).map(({ x, at: time, text, kind }) => (
        <span
          key={time}
          class={`mark-label ${kind === 'blocked' ? 'blocked' : 'skipped'} ${x > width / 2 ? 'left' : ''}`}
          style={x > width / 2 ? { right: `${width - x + 8}px` } : { left: `${x + 8}px` }}
        >
          {clock(time)} {text}
        </span>
      ))}
      <div class="ticks">
        {[0, 0.25, 0.5, 0.75].map((part) => (
          <span key={part}>
            {clock(timeAt(Math.round(part * (buckets - 1))), end).replace(
              /^.*, /,
              series.stepMs >= 3_600_000 ? '$&' : '',
            )}
          </span>
        ))}
        <span>now</span>
      </div>
      {at !== undefined && (
        <Reading series={series} index={at} isRight={at > buckets / 2} time={timeAt(at)} />
      )}
    </div>
  )
}

function Reading({
  series,
  index,
  isRight,
  time,
}: {
  readonly series: Series
  readonly index: number
  readonly isRight: boolean
  readonly time: string
}) {
  const total = kindOrder.reduce((sum, kind) => sum + (series.kinds[kind][index] ?? 0), 0)
  return (
    <div class={`reading ${isRight ? 'start' : 'end'}`} role="status">
      <strong>{clock(time)}</strong>
      <dl>
        {kindOrder
          .filter((kind) => (series.kinds[kind][index] ?? 0) > 0)
          .map((kind) => (
            <div key={kind}>
              <dt class={kind}>{kind}</dt>
              <dd class="num">{count(series.kinds[kind][index] ?? 0)}</dd>
            </div>
          ))}
        <div>
          <dt>received</dt>
          <dd class="num">{count(series.received[index] ?? 0)}</dd>
        </div>
      </dl>
      {total > 0 && (
        <span class="faint">{share((series.kinds.delivered[index] ?? 0) / total)} delivered</span>
      )}
    </div>
  )
}

function ChartTable({ series }: { readonly series: Series }) {
  const rows = series.received.map((received, index) => ({ received, index })).reverse()
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label="Outcomes over time as a table">
      <table class="table">
        <thead>
          <tr>
            <th>From</th>
            <th class="num">received</th>
            {kindOrder.map((kind) => (
              <th class="num" key={kind}>
                {kind}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ received, index }) => (
            <tr key={index}>
              <td class="num start">{clock(new Date(series.start + index * series.stepMs).toISOString())}</td>
              <td class="num">{count(received)}</td>
              {kindOrder.map((kind) => (
                <td class="num" key={kind}>
                  {count(series.kinds[kind][index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What the colors mean. */
export const Legend = () => (
  <div class="legend">
    <ul>
      {kindOrder.map((kind) => (
        <li key={kind} class={kind}>
          <i aria-hidden="true" />
          <span>{kind}</span>
        </li>
      ))}
    </ul>
    <span class="faint">What was not delivered hangs below the line, on a scale of its own</span>
  </div>
)
