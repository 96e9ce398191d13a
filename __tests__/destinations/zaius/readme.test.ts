import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressFieldOf, customerFieldOf, semanticEvents } from '../../../destinations/zaius/vocabulary'

const readme = readFileSync(join(__dirname, '../../../destinations/zaius/README.md'), 'utf8')

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
