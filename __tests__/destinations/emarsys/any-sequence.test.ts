import { Destination } from '@segment/actions-core'
import fc from 'fast-check'
import { createRuntime, type Runtime, type SegmentEvent } from 'waybill'
import { emarsys } from 'waybill/destinations/emarsys'
import { type EmarsysEmulator, startEmarsysEmulator, testKey } from 'waybill/emulators/emarsys'
import {
  configurationOf,
  createAddOnModel,
  type ModelMessage,
  type ModelRule,
  memberField,
  sortedState,
  valueField,
} from './add-on-model'
import { storedSubscriptions } from './deliver'

const runs = process.env.WAYBILL_LONG ? 2_000 : 60

const start = Date.parse('2026-03-01T12:00:00.000Z')
const events = ['View', 'Add', 'Buy']
const id = (...ids: string[]) => fc.option(fc.constantFrom(...ids), { nil: undefined })

const minutes = fc.integer({ min: 1, max: 6 })
const rule: fc.Arbitrary<Omit<ModelRule, 'id'>> = fc.record(
  {
    steps: fc.array(
      fc.record(
        { event: fc.constantFrom(...events), count: fc.integer({ min: 1, max: 2 }), within: minutes },
        { requiredKeys: ['event'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    window: minutes,
    unless: fc.constantFrom(...events),
    repeat: fc.oneof(fc.constantFrom('once' as const, 'always' as const), minutes),
  },
  { requiredKeys: ['steps', 'repeat'] },
)

/** The page refuses a limit before the first step, and one that is longer than the window. */
const acceptable = (
  { steps, window = Infinity, ...rest }: Omit<ModelRule, 'id'>,
  index: number,
): ModelRule => ({
  ...rest,
  id: `rule ${index}`,
  ...(window === Infinity ? {} : { window }),
  steps: steps.map(({ within, ...step }, position) =>
    position === 0 || within === undefined ? step : { ...step, within: Math.min(within, window) },
  ),
})
const rules = fc.array(rule, { maxLength: 3 }).map((all) => all.map(acceptable))

const body = fc
  .record(
    {
      type: fc.constantFrom('track', 'track', 'track', 'identify', 'page', 'screen'),
      minute: fc.integer({ min: 0, max: 9 }),
      anonymousId: id('a1', 'a2', 'a3'),
      userId: id('u1', 'u2', 'u3'),
      email: id('k1@example.com', 'K1@example.com', 'k2@example.com', 'k3@example.com'),
      event: fc.constantFrom(...events, 'view', 'ADD', 'Other'),
      value: fc.option(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constant(null)), {
        nil: undefined,
      }),
    },
    { requiredKeys: ['type', 'minute'] },
  )
  .filter(({ anonymousId, userId }) => anonymousId !== undefined || userId !== undefined)

/** Messages out of order, some of them again after a while. */
const sequence: fc.Arbitrary<ModelMessage[]> = fc
  .tuple(
    fc.array(body, { minLength: 4, maxLength: 20 }),
    fc.array(fc.tuple(fc.nat(19), fc.nat(25)), { maxLength: 4 }),
  )
  .map(([bodies, replays]) => {
    const messages = bodies.map((each, index) => ({ ...each, messageId: `m${index}` }))
    for (const [from, to] of replays) {
      const again = messages[from]
      if (again !== undefined) messages.splice(Math.max(to, from + 1), 0, again)
    }
    return messages
  })

const eventOf = ({
  messageId,
  type,
  minute,
  anonymousId,
  userId,
  email,
  event,
  value,
}: ModelMessage): SegmentEvent =>
  JSON.parse(
    JSON.stringify({
      type,
      messageId,
      timestamp: new Date(start + minute * 60_000).toISOString(),
      anonymousId,
      userId,
      event,
      traits: { email },
      properties: { value },
    }),
  )

/** What the add-on holds, without what the model does not know: numbers of rows and times of the clock. */
function stateOf(emulator: EmarsysEmulator) {
  const account = emulator.account()
  return sortedState({
    users: [...account.users.rows].map(
      ({ anonymousIds, userId, primaryKey, previousPrimaryKeys, state }) => ({
        anonymousId: [...anonymousIds].sort(),
        userId: userId ?? null,
        primarykey: primaryKey ?? null,
        previousPrimaryKeys,
        pending: Object.fromEntries([...state.pending].map(([fieldId, { value }]) => [fieldId, value])),
        waitingPrograms: state.waiting.length,
      }),
    ),
    contacts: account.contacts.all().map(({ key, fields }) => ({
      key: key.toLowerCase(),
      fields: Object.fromEntries([...fields].filter(([field]) => [valueField, memberField].includes(field))),
    })),
    programs: account.programs.map(({ ruleId, primaryKey, matchedMessageIds }) => ({
      ruleId,
      primaryKey,
      matchedMessageIds,
    })),
  })
}

const isSamePerson = (a: ModelMessage, b: ModelMessage): boolean =>
  (a.userId !== undefined && a.userId === b.userId) ||
  (a.anonymousId !== undefined && a.anonymousId === b.anonymousId)

const contractHeaders = ['accept', 'authorization', 'cache-control', 'content-type', 'user-agent']
const sentTo = (emulator: EmarsysEmulator) =>
  emulator.requests.map(({ method, path, headers, body: sent, status }) => ({
    method,
    path,
    headers: contractHeaders.map((name) => headers[name]),
    body: JSON.parse(sent.toString()),
    status,
  }))

describe('any sequence of messages', () => {
  let ours: EmarsysEmulator
  let theirs: EmarsysEmulator
  let runtime: Runtime
  const reference = new Destination(emarsys)

  beforeAll(async () => {
    ours = await startEmarsysEmulator()
    theirs = await startEmarsysEmulator()
    runtime = createRuntime({
      connections: [
        {
          destination: emarsys,
          settings: { apiKey: testKey, endpoint: ours.endpoint },
          subscriptions: 'presets',
        },
      ],
    })
  })
  afterAll(async () => {
    await runtime.close()
    await Promise.all([ours.close(), theirs.close()])
  })

  test('leaves the rows, contacts and programs of the model, on both runtimes, by the same requests', async () => {
    let fired = 0
    await fc.assert(
      fc.asyncProperty(rules, sequence, async (allRules, messages) => {
        const model = createAddOnModel(allRules)
        for (const emulator of [ours, theirs]) {
          emulator.clear()
          emulator.account().reset()
          emulator.account().configure(configurationOf(allRules))
        }
        const settings = { apiKey: testKey, endpoint: theirs.endpoint, subscriptions: storedSubscriptions }
        for (const message of messages) {
          model.receive(message)
          expect(await runtime.send([eventOf(message)])).toMatchObject([{ kind: 'delivered', status: 200 }])
          await reference.onEvent(eventOf(message) as never, settings as never)
        }
        expect(sentTo(ours)).toEqual(sentTo(theirs))
        expect(stateOf(ours)).toEqual(model.state)
        expect(stateOf(theirs)).toEqual(model.state)
        fired += model.state.programs.length
      }),
      { numRuns: runs },
    )
    expect(fired).toBeGreaterThan(runs / 4)
  }, 300_000)

  test('that is sent at once reaches the add-on in the order of each person', async () => {
    await fc.assert(
      fc.asyncProperty(rules, sequence, async (allRules, messages) => {
        ours.clear()
        ours.account().reset()
        ours.account().configure(configurationOf(allRules))
        await runtime.send(messages.map((message, index) => ({ ...eventOf(message), index })))
        const order = ours.requests.map(({ body: sent }) => JSON.parse(sent.toString()).index as number)
        const arrived = order.map((index) => messages[index] as ModelMessage)
        expect([...order].sort((a, b) => a - b)).toEqual(messages.map((_, index) => index))
        for (const [position, message] of arrived.entries())
          for (const [later, other] of arrived.entries())
            if (later > position && isSamePerson(message, other))
              expect(order[later]).toBeGreaterThan(order[position] as number)
        const model = createAddOnModel(allRules)
        for (const message of arrived) model.receive(message)
        expect(stateOf(ours)).toEqual(model.state)
      }),
      { numRuns: runs / 2 },
    )
  }, 300_000)
})
