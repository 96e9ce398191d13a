import fc from 'fast-check'
import { type EmarsysEmulator, startEmarsysEmulator } from 'waybill/emulators/emarsys'
import { runtimes } from './deliver'

const runs = process.env.WAYBILL_LONG ? 500 : 15
const types = ['identify', 'track', 'page', 'screen']

let emulator: EmarsysEmulator
beforeAll(async () => {
  // The same time in all four runs, so that everything can be compared.
  emulator = await startEmarsysEmulator({ clock: () => 0 })
  emulator.account().configure({
    primaryKeyPath: ['traits.email', 'context.traits.email', 'properties.email'],
    emptyValues: 'clear',
    fields: [{ id: 500 }],
    dataMaps: [
      { from: 'properties.value', to: 500, transform: 'json' },
      { from: 'traits.value', to: 'first_name' },
      { from: 'name', to: 'last_name' },
    ],
    programs: [{ id: 'p' }],
    rules: [
      {
        id: 'r',
        steps: [{ event: 'Viewed' }, { where: [{ path: 'traits.value', is: 'exists' }] }],
        repeat: 'always',
        trigger: { programId: 'p', data: { value: 'traits.value', name: 'steps[0].name' } },
      },
    ],
  })
})
afterAll(() => emulator.close())

const holder = fc.record(
  { email: fc.constantFrom('k1@x', 'k2@x', '', null, 5), value: fc.jsonValue() },
  { requiredKeys: [] },
)
const message = fc.record(
  {
    userId: fc.constantFrom('u1', 'u2', ''),
    anonymousId: fc.constantFrom('a1', 'a2'),
    event: fc.constantFrom('Viewed', 'viewed', 'Other', ''),
    name: fc.constantFrom('Home', ''),
    traits: holder,
    properties: holder,
    context: fc.record({ traits: holder }, { requiredKeys: [] }),
    minute: fc.nat(9),
  },
  { requiredKeys: ['anonymousId', 'minute'] },
)

/** Everything that differs by the type of call, and should not. */
function outcome() {
  const { users, contacts, programs, journal } = emulator.account()
  return {
    requests: emulator.requests.map(({ method, path, headers, status, body }) => {
      const { type: _type, ...sent } = JSON.parse(body.toString())
      // The one type of call is longer than the other by some letters.
      const { 'content-length': length, ...others } = headers
      return [method, path, others, Number(length) === body.length, status, sent]
    }),
    rows: [...users.rows],
    contacts: contacts.all(),
    programs,
    journal: journal.map(({ type: _type, ...entry }) => entry),
  }
}

/** Without the messages of the history, which tell their type. */
const withoutHistory = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (name, member) => {
      if (name === 'history') return undefined
      return member instanceof Set || member instanceof Map ? [...member] : member
    }),
  )

describe.each(runtimes)('on %s', (_name, deliver) => {
  test('R10: the same messages mean the same under each of the four types', async () => {
    let changes = 0
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
        const outcomes = []
        for (const type of types) {
          emulator.clear()
          emulator.account().reset()
          await deliver(
            emulator,
            messages.map(({ minute, ...members }, index) => ({
              ...members,
              type,
              messageId: `m${index}`,
              timestamp: `2026-03-01T12:0${minute}:00.000Z`,
            })),
          )
          outcomes.push(withoutHistory(outcome()))
        }
        const [first, ...others] = outcomes
        expect(first.requests.map((request: unknown[]) => request[4])).toEqual(messages.map(() => 200))
        for (const other of others) expect(other).toEqual(first)
        changes += first.contacts.length + first.programs.length
      }),
      { numRuns: runs },
    )
    expect(changes).toBeGreaterThan(runs)
  }, 120_000)
})
