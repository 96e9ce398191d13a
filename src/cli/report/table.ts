import type { Table } from 'cli-table3'

const gap = 2
/** Narrower than this a column says nothing. */
const minWidth = 8

/** Loaded when a table is drawn: the command line starts without it. */
const newTable = (options: ConstructorParameters<typeof import('cli-table3')>[0]): Table => {
  const TableClass = require('cli-table3') as typeof import('cli-table3')
  return new TableClass(options)
}

/** Characters that a terminal draws for a text; wide ones count twice. */
export const widthOf = (text: string): number => {
  const stringWidth = require('string-width') as typeof import('string-width')
  return stringWidth(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: names come from files, and none may steer the terminal
const inOneLine = (cell: string): string => cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')

/** Takes from the widest columns until the table fits. Columns of numbers are never cut. */
function fitTo(columns: number, widths: readonly number[], isNumeric: readonly boolean[]): number[] {
  const fitted = [...widths]
  const total = () => fitted.reduce((sum, width) => sum + width + gap, -gap)
  while (total() > columns) {
    const candidates = fitted.flatMap((width, index) =>
      isNumeric[index] || width <= minWidth ? [] : [{ index, width }],
    )
    const widest = candidates.sort((one, other) => other.width - one.width)[0]
    if (widest === undefined) break
    fitted[widest.index] = widest.width - 1
  }
  return fitted
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
}

/**
 * A table of texts: the first row is its head. Cells that look like numbers are set to the right. With `columns` it is
 * made to fit so many characters: what is too long ends with `…`.
 */
export function formatTable(rows: readonly (readonly string[])[], columns?: number): string {
  const [head = [], ...body] = rows.map((row) => row.map(inOneLine))
  const isNumeric = head.map((_, column) => body.every((row) => /^[\d,. -]*$/.test(row[column] ?? '')))
  const natural = head.map((title, column) =>
    body.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(title)),
  )
  const widths = columns === undefined ? natural : fitTo(columns, natural, isNumeric)
  const table = newTable({
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: widths,
    colAligns: isNumeric.map((isRight) => (isRight ? 'right' : 'left')),
  })
  table.push(
    head,
    widths.map((width) => '─'.repeat(width)),
    ...body,
  )
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
