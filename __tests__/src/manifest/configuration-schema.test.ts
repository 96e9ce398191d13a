import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { configurationSchema, createManifest } from 'waybill/manifest'
import { checkShape } from '../../../src/cli/configuration/check-shape'

const { allowComments, allowTrailingCommas, ...schema } = configurationSchema(
  createManifest(listDestinations().map(loadDestination)),
)
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema)
const mistakesOf = (content: unknown) =>
  validate(content) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath)

const connection = {
  destination: 'zaius',
  settings: { apiKey: `\${KEY}` },
  subscriptions: [
    { action: 'trackEvent', filter: 'type = "track"', mapping: { name: { '@path': '$.event' } } },
  ],
}

describe('the schema of the configuration', () => {
  test('lets editors take comments and trailing commas', () => {
    expect({ allowComments, allowTrailingCommas }).toEqual({ allowComments: true, allowTrailingCommas: true })
  })

  test('accepts the examples, and a destination from elsewhere with any settings', () => {
    const examples = JSON.parse(
      readFileSync(join(__dirname, '../../../examples/waybill.config.json'), 'utf8'),
    )
    expect(mistakesOf(examples)).toEqual([])
    expect(
      mistakesOf({ connections: [{ destination: './own.js#own', settings: { any: 1 }, subscriptions: [] }] }),
    ).toEqual([])
  })

  test.each([
    [
      'an unknown setting',
      { ...connection, settings: { ...connection.settings, key: 'x' } },
      '/connections/0/settings',
    ],
    ['a missing setting', { ...connection, settings: {} }, '/connections/0/settings'],
    [
      'an unknown action',
      { ...connection, subscriptions: [{ action: 'trak', filter: 'x' }] },
      '/connections/0/subscriptions/0/action',
    ],
    ['an unknown option', { ...connection, ordring: 'user' }, '/connections/0'],
  ])('marks %s at its place', (_, entry, place) => {
    expect(mistakesOf({ connections: [entry] })).toContain(place)
  })

  test.each<[unknown]>([
    [{ connections: [connection] }],
    [{ connections: [{ ...connection, name: '' }] }],
    [{ connections: [{ ...connection, limits: { concurrency: 0 } }] }],
    [{ connections: [{ ...connection, limits: { requestsPerSecond: 0.5 } }] }],
    [{ connections: [{ ...connection, subscriptions: 'all' }] }],
    [{ connections: [{ ...connection, subscriptions: [{ batch: true }] }] }],
    [{ connections: [{ ...connection, subscriptions: [{ batch: { maxCount: 5 } }] }] }],
    [{ connections: [], compatibility: true }],
    [{ connection: [connection] }],
  ])('says of %j what the command line says', (content) => {
    const problems: string[] = []
    checkShape(content, (path) => problems.push(path))
    expect(mistakesOf(content).length > 0).toBe(problems.length > 0)
  })
})
