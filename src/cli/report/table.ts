/** A table of texts: the first row is its head. Cells that look like numbers are set to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell))
  const isNumeric = widths.map((_, column) =>
    rows.slice(1).every((row) => /^[\d,. -]*$/.test(row[column] ?? '')),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - width(cell))
        return isNumeric[column] ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  const [head, ...body] = rows.map(line)
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth)).join('  ')
  return [head, rule, ...body].join('\n')
}

const width = (cell: string) => [...cell].length
