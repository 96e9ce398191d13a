import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { batches } from './upstream/batches'
import { events, requests } from './upstream/events'
import { fields } from './upstream/fields'
import { filters } from './upstream/filters'
import { mappings } from './upstream/mappings'
import { ways } from './upstream/ways'

const rows = [...filters, ...mappings, ...fields, ...batches, ...events, ...requests]

type WayName = keyof typeof ways

/** The table of docs/upstream.md: what each way does about each subject. */
function readTable(): { header: string[]; table: Map<string, string[]> } {
  const page = readFileSync(join(__dirname, '../../docs/upstream.md'), 'utf8')
  const lines = page.split('\n').filter((line) => line.startsWith('|'))
  const [header = [], , ...body] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
  return { header, table: new Map(body.map(([subject = '', ...cells]) => [subject, cells])) }
}
const { header, table } = readTable()
const columns = header.slice(1) as WayName[]

beforeAll(() => {
  // The reference lets Ajv warn of its own schemas.
  jest.spyOn(console, 'warn').mockImplementation(() => undefined)
})

test('the table has a row for every difference, and no other', () => {
  expect([...table.keys()]).toEqual(rows.map(({ subject }) => subject))
  expect(columns).toEqual(['by default', '`compatibility: true`', '`waybill/actions-core`'])
})

test.each(rows)('$subject', async ({ subject, run, right, reference, isOfModule }) => {
  expect(await run(ways.reference)).toEqual(reference)
  for (const [index, name] of columns.entries()) {
    const cell = table.get(subject)?.[index]
    const way = ways[name]
    if (isOfModule && !('open' in way)) expect([name, cell]).toEqual([name, '–'])
    else expect([name, cell, await run(way)]).toEqual([name, cell, cell === 'right' ? right : reference])
  }
  expect(table.get(subject)).toContain('right')
})

test('an empty cell, or a word that is neither, is no statement', () => {
  for (const cells of table.values())
    for (const cell of cells) expect(['right', 'as the reference', '–']).toContain(cell)
})
