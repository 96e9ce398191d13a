import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDestination } from 'waybill/destinations'
import { addressFieldOf, customerFieldOf, semanticEvents } from '../../../destinations/zaius/vocabulary'
import { fieldTables } from '../../support/field-tables'

const file = join(__dirname, '../../../destinations/zaius/README.md')
const readme = readFileSync(file, 'utf8')
const [start, end] = ['<!-- waybill:fields -->', '<!-- /waybill:fields -->']

test('the field tables are those of the definition: WAYBILL_WRITE_README=1 writes them anew', () => {
  const [before = '', after = ''] = [readme.split(start)[0], readme.split(end)[1]]
  const current = `${before}${start}\n\n${fieldTables(loadDestination('zaius'))}\n\n${end}${after}`
  if (process.env.WAYBILL_WRITE_README === '1') writeFileSync(file, current)
  else expect(readme).toBe(current)
})

/** `Coupon Entered, Applied` stands for two events that begin alike. */
const words = (text: string): Set<string> => new Set(text.split(/[^A-Za-z_]+/))

test.each(semanticEvents.map(({ event, type, action }) => [event, type, action] as const))(
  'the page tells what becomes of %s',
  (event, type, action) => {
    const rows = readme.split('\n').filter((line) => line.startsWith('| ') && line.includes(`\`${type}\``))
    const told = rows.some((line) => {
      const [, events = '', becomes = ''] = line.split('|')
      return event.split(' ').every((word) => words(events).has(word)) && words(becomes).has(action)
    })
    expect(told).toBe(true)
  },
)

test.each([...Object.entries(customerFieldOf), ...Object.entries(addressFieldOf)])(
  'the page tells that the trait %s is the field %s',
  (trait, field) => {
    const columns = readme
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.match(/`[^`]+`/g) ?? []))
    const told = columns.some(([, traits = [], fields = []]) => {
      const names = traits.filter((name) => name !== '`address`')
      return names.includes(`\`${trait}\``) && fields[names.indexOf(`\`${trait}\``)] === `\`${field}\``
    })
    expect(told).toBe(true)
  },
)
