import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { emarsys } from 'waybill/destinations/emarsys'

const text = readFileSync(join(__dirname, '../../../destinations/emarsys/README.md'), 'utf8')

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
