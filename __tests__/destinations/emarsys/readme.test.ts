import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDestination } from 'waybill/destinations'
import { emarsys } from 'waybill/destinations/emarsys'
import { tablesOf } from '../../support/definition-tables'

const page = join(__dirname, '../../../destinations/emarsys/README.md')
const text = readFileSync(page, 'utf8')

test('the tables of the page are those of the definition: WAYBILL_UPDATE=1 writes them anew', () => {
  const { stated, expected } = tablesOf(page, loadDestination('emarsys'))
  expect(stated).toBe(expected)
})

test('R4, R5, R7, R9: the page says who maintains it, what the account manager provides, and where to go', () => {
  for (const part of [
    'maintained by Emarsys: help@support.emarsys.com',
    'account manager',
    'processing rules',
    '**Add-Ons**',
    '**segment.com**',
    'consultant',
  ])
    expect(text).toContain(part)
})

test('R22: the page says how long the first synchronization takes, and how often later ones come', () => {
  expect(text).toMatch(/six hours or more[\s\S]*every two to\s+three hours/)
})

test('the connection of the page is one of the examples, with the settings that are required', () => {
  const connection = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '')
  const examples = JSON.parse(readFileSync(join(__dirname, '../../../examples/waybill.config.json'), 'utf8'))
  expect(examples.connections).toContainEqual({ name: 'Emarsys', ...connection })
  const fields = Object.entries(emarsys.authentication?.fields ?? {})
  expect(Object.keys(connection.settings)).toEqual(
    fields.filter(([, field]) => field.required).map(([key]) => key),
  )
})
