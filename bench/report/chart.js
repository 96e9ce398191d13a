const { short } = require('./format')

const width = 860
const left = 300
const right = 90
const barHeight = 22
const rowHeight = 34
const top = 96
const bottom = 64

const colors = {
  bar: '#2563eb',
  baseline: '#94a3b8',
  text: '#0f172a',
  muted: '#64748b',
  grid: '#e2e8f0',
  ground: '#ffffff',
}

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** What the chart shows: the row of a case, by the beginning of its name and what it is compared with. */
const shown = [
  ['filter', 'order', 'parse + match', 'Filter'],
  ['mapping', 'medium mapping, order', 'transform', 'Mapping, 20 fields'],
  ['payload', 'medium mapping, order', 'transform', 'Mapping, coercion, validation'],
  ['json-body', 'medium mapping, order', 'the same', 'Event to JSON body'],
  ['event', 'medium mapping, order, streamed', 'Destination', 'One event, no network'],
  ['http', 'http (', 'Destination', 'One event over HTTP, 16 in flight', ', 16 in'],
  ['http', 'https (', 'Destination', 'One event over HTTPS, 16 in flight', ', 16 in'],
  ['http-batch', 'http (', 'Destination', 'Batches of 100 over HTTP', 'batches of 100'],
  ['http-batch', 'http (', 'Destination', 'Batches of 1,000 over HTTP', 'batches of 1000'],
  ['run', 'to a sink', 'readline', 'waybill run on a file'],
]

function barsOf({ results }) {
  return shown.flatMap(([caseName, start, against, label, end = '']) => {
    const row = results
      .find(({ name }) => name === caseName)
      ?.rows.find(
        (candidate) =>
          candidate.name.startsWith(start) &&
          candidate.name.includes(end) &&
          candidate.against?.startsWith(against),
      )
    return row === undefined ? [] : [{ label, row }]
  })
}

/** Position of a ratio on a logarithmic scale from 1. */
const positionOf = (ratio, highest) =>
  (Math.log10(Math.max(ratio, 1)) / Math.log10(highest)) * (width - left - right)

/** The ratios to the reference as an SVG chart. One bar per path; the scale is logarithmic. */
function chart(report) {
  const bars = barsOf(report)
  const highest = 10 ** Math.ceil(Math.log10(Math.max(10, ...bars.map(({ row }) => row.ratio.median))))
  const height = top + bars.length * rowHeight + bottom
  const plotEnd = top + bars.length * rowHeight
  const { machine } = report
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" role="img" aria-label="waybill against @segment/actions-core">`,
    `<rect width="${width}" height="${height}" fill="${colors.ground}" rx="8"/>`,
    text(24, 38, 'waybill against @segment/actions-core', { size: 20, weight: 600 }),
    text(24, 62, 'How many times as many events per second, one thread, equal outputs. Logarithmic scale.', {
      size: 13,
      fill: colors.muted,
    }),
    ...gridLines(highest, plotEnd),
    ...bars.flatMap(({ label, row }, index) => bar(label, row, top + index * rowHeight, highest)),
    text(
      24,
      height - 18,
      `${machine.date} · Node ${machine.node} · ${machine.cores} cores, ${machine.cpu} · medians of interleaved rounds, the line shows lowest and highest`,
      { size: 11, fill: colors.muted },
    ),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function gridLines(highest, plotEnd) {
  const lines = []
  for (let ratio = 1; ratio <= highest; ratio *= 10) {
    const x = left + positionOf(ratio, highest)
    lines.push(
      `<line x1="${x}" y1="${top - 8}" x2="${x}" y2="${plotEnd}" stroke="${colors.grid}"/>`,
      text(x, plotEnd + 18, `${ratio.toLocaleString('en-US')}×`, {
        size: 11,
        fill: colors.muted,
        anchor: 'middle',
      }),
    )
  }
  return lines
}

function bar(label, { ratio }, y, highest) {
  const end = left + positionOf(ratio.median, highest)
  const middle = y + barHeight / 2
  const [lowest, most] = [ratio.lowest, ratio.highest].map((value) => left + positionOf(value, highest))
  return [
    text(left - 14, middle + 4.5, label, { size: 13, anchor: 'end' }),
    `<rect x="${left}" y="${y}" width="${Math.max(end - left, 1).toFixed(1)}" height="${barHeight}" rx="3" fill="${colors.bar}"/>`,
    `<line x1="${lowest.toFixed(1)}" y1="${middle}" x2="${most.toFixed(1)}" y2="${middle}" stroke="${colors.text}" stroke-opacity="0.45" stroke-width="1.5"/>`,
    text(Math.max(end, most) + 10, middle + 4.5, `${short(ratio.median)}×`, { size: 13, weight: 600 }),
  ]
}

function text(x, y, content, { size, fill = colors.text, anchor = 'start', weight = 400 }) {
  return `<text x="${Number(x).toFixed(1)}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escaped(content)}</text>`
}

module.exports = { chart }
