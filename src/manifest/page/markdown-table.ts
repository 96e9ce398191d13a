/** Text that stands in a table's cell. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, '<br>')
    .trim()

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** A table of Markdown, its head first. Columns that are empty in every row are left out. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = [...head.keys()].filter(
    (column) => column === 0 || rows.some((row) => (row[column] ?? '').trim() !== ''),
  )
  const pick = (row: readonly string[]): string[] => columns.map((column) => row[column] ?? '')
  return [line(pick(head)), `|${'---|'.repeat(columns.length)}`, ...rows.map((row) => line(pick(row)))].join(
    '\n',
  )
}
