import { Destination } from '@segment/actions-core'
import fc from 'fast-check'
import { createRuntime, type Runtime } from 'waybill'
import { emarsys } from 'waybill/destinations/emarsys'
import { type EmarsysEmulator, startEmarsysEmulator, testKey } from 'waybill/emulators/emarsys'
import {
  configurationOf,
  createAddOnModel,
  type ModelMessage,
  memberField,
  sortedState,
  valueField,
} from './add-on-model'
import { storedSubscriptions } from './deliver'
import { anyRules, anySequence, eventOf } from './random-messages'

const runs = process.env.WAYBILL_LONG ? 2_000 : 60

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
      fc.asyncProperty(anyRules, anySequence, async (allRules, messages) => {
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
      fc.asyncProperty(anyRules, anySequence, async (allRules, messages) => {
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
