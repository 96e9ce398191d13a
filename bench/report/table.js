const { rate, short } = require('./format')
const { isReached } = require('./judge')

const verdicts = new Map([
  [true, 'yes'],
  [false, 'NO'],
  [undefined, ''],
])

const ratioHead = ['', 'against', 'waybill', 'other', 'ratio', 'spread', 'by CPU', 'target', 'reached']

const ratioCells = (row) => [
  row.name,
  row.against,
  rate(row.waybill.perSecond),
  rate(row.other.perSecond),
  `${short(row.ratio.median)} x`,
  `${short(row.ratio.lowest)} – ${short(row.ratio.highest)}`,
  row.ratio.cpu === undefined ? '' : `${short(row.ratio.cpu)} x`,
  row.target === undefined ? '' : `${row.target} x`,
  verdicts.get(isReached(row)),
]

const valueHead = ['', 'measured', 'at most', 'reached']

const valueCells = (row) => [
  row.name,
  `${short(row.value)} ${row.unit}`,
  row.limit === undefined ? '' : `${row.limit} ${row.unit}`,
  verdicts.get(isReached(row)),
]

/** One case as text: its title, and a line per row. */
function table({ title, unit, rows }) {
  const isRatio = rows[0]?.ratio !== undefined
  const lines = [isRatio ? ratioHead : valueHead, ...rows.map(isRatio ? ratioCells : valueCells)]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((cells) => cells[column].length)))
  const leftAligned = isRatio ? 2 : 1
  const text = lines.map((cells) =>
    cells
      .map((cell, column) =>
        column < leftAligned ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  )
  return `${title}${isRatio ? ` (${unit})` : ''}\n${text.map((line) => `  ${line}`).join('\n')}\n`
}

module.exports = { table }
