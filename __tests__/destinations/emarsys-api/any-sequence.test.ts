import fc from 'fast-check'
import { type ActionState, createRuntime, type SegmentEvent } from 'waybill'
import { emarsysApi } from 'waybill/destinations/emarsys-api'
import { type EmarsysApiEmulator, startEmarsysApiEmulator, testClient } from 'waybill/emulators/emarsys-api'
import { usersTable } from '../../../destinations/emarsys-api/people/users-table'
import { forgetTokens } from '../../../destinations/emarsys-api/tokens'
import { createAddOnModel, type ModelRule, memberField, valueField } from '../emarsys/add-on-model'
import { anyRules, anySequence, eventOf } from '../emarsys/random-messages'
import { createMapState } from './map-state'

const runs = process.env.WAYBILL_LONG ? 1_000 : 60

/** The rules of the model as the action takes them: each starts an event of its own, told which messages began its steps. */
const mappingOf = (rules: readonly ModelRule[]) => ({
  message: { '@path': '$.' },
  primary_key: ['traits -> email'],
  data_maps: [
    { from: 'properties.value', to: valueField },
    { from: 'properties -> value', to: memberField, transform: 'boolChoice', choices: { true: 1, false: 2 } },
  ],
  rules: rules.map(({ id, steps, window, unless, repeat }, index) => ({
    id,
    steps: steps.map(({ within, ...step }) => ({ ...step, ...(within && { within: `${within}m` }) })),
    ...(window === undefined ? {} : { window: `${window}m` }),
    ...(unless === undefined ? {} : { unless: [{ event: unless }] }),
    repeat: typeof repeat === 'number' ? `cooldown:${repeat}m` : repeat,
    trigger: {
      eventId: index + 1,
      data: {
        last: 'messageId',
        ...Object.fromEntries(steps.map((_, step) => [`step${step}`, `steps[${step}].messageId`])),
      },
    },
  })),
  enable_batching: true,
})

const fields = [
  { id: valueField },
  { id: memberField, type: 'singlechoice', choices: { 1: 'yes', 2: 'no' } },
] as const

const startApi = () => {
  // A port may be used again, with other tokens.
  forgetTokens()
  return startEmarsysApiEmulator({
    fields,
    events: [1, 2, 3].map((id) => ({ id, name: `event ${id}` })),
    ration: { perMinute: 1000, perHour: 100_000 },
    requestsPerMinute: 1_000_000,
  })
}

const settingsOf = (emulator: EmarsysApiEmulator) => ({
  clientId: testClient.clientId,
  clientSecret: testClient.clientSecret,
  baseUrl: emulator.url,
  tokenUrl: `${emulator.url}/oauth2/token`,
  emptyValues: 'clear',
})

const connect = (emulator: EmarsysApiEmulator, rules: readonly ModelRule[], state: ActionState) =>
  createRuntime({
    context: { state },
    limits: { requestsPerSecond: 1_000_000 },
    connections: [
      {
        destination: emarsysApi,
        settings: settingsOf(emulator),
        limits: { requestsPerSecond: 1_000_000 },
        subscriptions: [
          {
            action: 'processMessage',
            filter: 'type = "identify" or type = "track" or type = "page" or type = "screen"',
            mapping: mappingOf(rules) as never,
          },
        ],
      },
    ],
  })

/** In an order that does not depend on that of the members. */
const sorted = <Item extends object>(items: readonly Item[]): Item[] => {
  const text = (item: Item): string => JSON.stringify(Object.entries(item).sort())
  return [...items].sort((one, other) => (text(one) < text(other) ? -1 : 1))
}

/** What the account and the users table hold. */
async function stateOf(emulator: EmarsysApiEmulator, state: ActionState) {
  const [prefix = ''] = (await state.keys('emarsys-api/')).flatMap((key) =>
    key.endsWith('/rows') ? [key.slice(0, -'rows'.length)] : [],
  )
  const session = {
    get: async <Value>(key: string): Promise<Value | undefined> => {
      const text = await state.get(`${prefix}${key}`)
      return text === undefined ? undefined : (JSON.parse(text) as Value)
    },
    set: () => undefined,
  }
  const rows = await usersTable(session, (key) => key.toLowerCase()).all()
  const contacts = [...emulator.account.contacts.values()]
  const keyOf = (id: number): string => String(emulator.account.contacts.get(id)?.values.get(3)).toLowerCase()
  return {
    users: sorted(
      rows.map((row) => ({
        anonymousId: [...row.anonymousIds].sort(),
        userId: row.userId ?? null,
        primarykey: row.primaryKey ?? null,
        pending: Object.fromEntries(Object.entries(row.pending).map(([field, [value]]) => [field, value])),
        waitingPrograms: row.waiting.length,
      })),
    ),
    contacts: sorted(
      contacts
        .map(({ id, values }) => ({
          key: keyOf(id),
          fields: Object.fromEntries([...values].filter(([field]) => field !== 3)),
        }))
        .filter((contact) => Object.keys(contact.fields).length > 0),
    ),
    programs: sorted(
      emulator.account.triggered.map(({ eventId, contact, data }) => ({
        eventId,
        key: keyOf(contact),
        ...(data as object),
      })),
    ),
  }
}

/** The same of the model. */
function stateOfModel(model: ReturnType<typeof createAddOnModel>, rules: readonly ModelRule[]) {
  const read = <Entry>(entries: readonly string[]): Entry[] =>
    entries.map((text) => JSON.parse(text) as Entry)
  const users = read<{
    anonymousId: string[]
    userId: string | null
    primarykey: string | null
    pending: object
    waitingPrograms: number
  }>(model.state.users)
  const contacts = read<{ key: string; fields: Record<string, unknown> }>(model.state.contacts)
  const programs = read<{ ruleId: string; primaryKey: string; matchedMessageIds: string[] }>(
    model.state.programs,
  )
  return {
    users: sorted(
      users.map(({ anonymousId, userId, primarykey, pending, waitingPrograms }) => ({
        anonymousId,
        userId,
        primarykey,
        pending,
        waitingPrograms,
      })),
    ),
    contacts: sorted(contacts.filter(({ fields }) => Object.keys(fields).length > 0)),
    programs: sorted(
      programs.map(({ ruleId, primaryKey, matchedMessageIds }) => {
        const index = rules.findIndex(({ id }) => id === ruleId)
        let place = 0
        const firsts = (rules[index] as ModelRule).steps.map(({ count = 1 }, step) => {
          const entry = [`step${step}`, matchedMessageIds[place]]
          place += count
          return entry
        })
        return {
          eventId: index + 1,
          key: primaryKey.toLowerCase(),
          last: matchedMessageIds.at(-1),
          ...Object.fromEntries(firsts),
        }
      }),
    ),
  }
}

test('any sequence of messages leaves the rows, contacts and events of the model of the add-on', async () => {
  let fired = 0
  await fc.assert(
    fc.asyncProperty(anyRules, anySequence, async (rules, messages) => {
      const emulator = await startApi()
      const state = createMapState()
      const runtime = connect(emulator, rules, state)
      const model = createAddOnModel(rules)
      for (const message of messages) {
        model.receive(message)
        expect(await runtime.send([eventOf(message)])).toMatchObject([{ kind: 'delivered' }])
      }
      await runtime.close()
      const expected = stateOfModel(model, rules)
      expect(await stateOf(emulator, state)).toEqual(expected)
      expect(emulator.journal.filter(({ replyCode }) => replyCode !== 0)).toEqual([])
      fired += expected.programs.length
      await emulator.close()
    }),
    { numRuns: runs },
  )
  expect(fired).toBeGreaterThan(runs / 4)
}, 300_000)

test('nothing is lost and no event happens twice, wherever the process is killed', async () => {
  let kills = 0
  await fc.assert(
    fc.asyncProperty(
      anyRules,
      anySequence,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
      async (rules, messages, lives) => {
        const emulator = await startApi()
        const disk = createMapState()
        const model = createAddOnModel(rules)
        const left = [...lives]
        let runtime = connect(emulator, rules, disk.mortal(left.shift() ?? Infinity))
        for (const message of messages) {
          model.receive(message)
          for (;;) {
            const [outcome] = await runtime.send([eventOf(message) as SegmentEvent])
            if (outcome?.kind === 'delivered') break
            // The process is gone; the next one finds what is on the disk, and gets the message again.
            kills += 1
            await runtime.close()
            disk.breakLocks()
            runtime = connect(emulator, rules, disk.mortal(left.shift() ?? Infinity))
          }
        }
        await runtime.close()
        expect(await stateOf(emulator, disk)).toEqual(stateOfModel(model, rules))
        await emulator.close()
      },
    ),
    { numRuns: runs },
  )
  expect(kills).toBeGreaterThan(runs / 2)
}, 300_000)
