import * as fc from 'fast-check'
import { createRuntime } from 'waybill'
import { sampleSettings, sampleValue } from 'waybill/testing'
import { type Fields, randomFields } from '../../pipeline/random-fields'
import { runs } from '../../pipeline/random-mapping'

/** Random fields may contradict themselves: choices of another type or format, a minimum above the maximum. */
const satisfiable = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([key, { choices, format, minimum, maximum, properties, ...field }]) => [
      key,
      {
        ...field,
        ...(choices !== undefined ? { choices } : format !== undefined ? { format } : { minimum }),
        ...((choices ?? format ?? minimum) === undefined ? { maximum } : {}),
        ...(properties === undefined ? {} : { properties: satisfiable(properties as Fields) }),
      },
    ]),
  )

test('a made-up value fits its field, whatever that asks for', async () => {
  await fc.assert(
    fc.asyncProperty(randomFields().map(satisfiable), async (fields) => {
      const mapping = Object.fromEntries(
        Object.entries(fields).map(([key, field]) => [key, { '@literal': sampleValue(key, field as never) }]),
      )
      const perform = jest.fn()
      const destination = {
        name: 'Probe',
        mode: 'cloud' as const,
        actions: { probe: { title: 'Probe', description: 'Probes.', fields: fields as never, perform } },
      }
      const runtime = createRuntime({
        connections: [
          { destination, settings: {}, subscriptions: [{ action: 'probe', filter: 'type = "x"', mapping }] },
        ],
      })
      expect(await runtime.send([{ type: 'x' }])).toMatchObject([{ kind: 'delivered' }])
    }),
    runs(200),
  )
}, 900_000)

test('settings get what is required and has no default, always the same', () => {
  const fields = {
    apiKey: { type: 'password', required: true },
    region: { type: 'string', required: true, choices: [{ value: 'eu' }, { value: 'us' }] },
    mode: { type: 'string', required: true, default: 'a' },
    note: { type: 'string' },
  }
  const settings = sampleSettings(fields)
  expect(settings).toEqual({ apiKey: expect.stringMatching(/^[0-9a-f]{32}$/), region: 'eu' })
  expect(sampleSettings(fields)).toEqual(settings)
})

test.each([
  ['phone', '+14155550142'],
  ['countryCode', 'US'],
  ['billing_country', 'US'],
  ['currency', 'USD'],
  ['firstName', 'Ada'],
  ['contactEmail', 'sample@example.com'],
  ['zipCode', '94107'],
  ['landingUrl', 'https://example.com/sample'],
  ['plan', 'sample plan'],
])('a field called %s gets %s, as a vendor would get it', (key, value) => {
  expect(sampleValue(key, { type: 'string' })).toBe(value)
})

test('ids are digits, another number for another name', () => {
  const [account, list] = ['accountId', 'list_id'].map((key) => sampleValue(key, { type: 'string' }))
  expect(account).toMatch(/^\d{6}$/)
  expect(list).toMatch(/^\d{6}$/)
  expect(list).not.toBe(account)
})
