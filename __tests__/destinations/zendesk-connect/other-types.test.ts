import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import {
  developmentKey,
  startZendeskConnectEmulator,
  type ZendeskConnectEmulator,
} from 'waybill/emulators/zendesk-connect'
import { deliverWithBoth } from '../../support/both-runtimes'

const apiKey = 'a'.repeat(32)

/** Both runtimes send the same; the notes are ours alone. */
async function send(event: SegmentEvent): Promise<{ body: object; notes: string[] }> {
  const { requests, outcomes, errors } = await deliverWithBoth({
    destination: zendeskConnect,
    settings: (endpoint) => ({ apiKey, endpoint }),
    events: [{ messageId: 'm', ...event }],
  })
  expect(errors).toEqual([])
  const delivered = outcomes.find(({ kind }) => kind === 'delivered') as Outcome
  return {
    body: requests[0]?.body as object,
    notes: (delivered.notes ?? []).map(({ field = '' }) => field),
  }
}

const rows: [string, Record<string, unknown>, object, string[]][] = [
  ['a numeric phone', { phone: 15551234567 }, { phone_number: '15551234567' }, []],
  ['a numeric name', { firstName: 7, last_name: 8 }, { first_name: '7', last_name: '8' }, []],
  ['a list of one', { email: ['a@example.com'] }, { email: 'a@example.com' }, []],
  [
    'a list of several',
    { email: ['a@example.com', 'b@example.com'] },
    { email: 'a@example.com', attributes: { email: ['a@example.com', 'b@example.com'] } },
    ['email'],
  ],
  ['an object', { phone: { home: '1' } }, { attributes: { phone: { home: '1' } } }, ['phone']],
  ['a boolean', { firstName: true }, { attributes: { firstName: true } }, ['firstName']],
  ['several phones', { phones: [1, '2'] }, { phone_number: '1', attributes: { phones: [1, '2'] } }, []],
  ['one of phones', { phones: ['1'] }, { phone_number: '1' }, []],
  ['a name that is a number', { name: 42 }, { attributes: { name: 42 } }, []],
  ['blanks and null', { phone: ' ', email: null, firstName: '' }, {}, []],
]

test.each(rows)('%s as a trait is not lost', async (_name, traits, body, notes) => {
  expect(await send({ type: 'identify', userId: 'u', traits: traits as never })).toEqual({
    body: { user_id: 'u', ...body },
    notes,
  })
})

test.each([
  [{}, undefined, []],
  [{ timestamp: '2016' }, 1451606400, []],
  [{ timestamp: '20240501' }, 1714521600, []],
  [{ timestamp: 1714557600 }, 1714557600, []],
  [{ timestamp: 'soon', receivedAt: 1714557600123 }, 1714557600, []],
  [{ timestamp: 'soon' }, undefined, ['timestamp']],
])('the time of a track with %j is %p, with notes %j', async (times, timestamp, notes) => {
  const { body, notes: noted } = await send({
    type: 'track',
    event: 'Seen',
    userId: 'u',
    ...(times as object),
  })
  expect(body).toEqual({
    user_id: 'u',
    event: 'Seen',
    properties: {},
    ...(timestamp === undefined ? {} : { timestamp }),
  })
  expect(noted).toEqual(notes)
})

test('a value that is nested without end is invalid, and its neighbor is delivered', async () => {
  let deep: unknown = 1
  for (let depth = 0; depth < 5000; depth++) deep = { deep }
  const runtime = createRuntime({
    connections: [{ destination: zendeskConnect, settings: { apiKey }, subscriptions: 'presets' }],
    fetch: async () => new Response(''),
  })
  const outcomes = await runtime.send([
    { type: 'track', event: 'A', userId: 'u', properties: { deep } as never },
    { type: 'track', event: 'B', userId: 'u' },
  ])
  await runtime.close()
  expect(outcomes.map(({ kind }) => kind).filter((kind) => kind !== 'skipped')).toEqual([
    'invalid',
    'delivered',
  ])
})

describe('the vendor', () => {
  let emulator: ZendeskConnectEmulator
  beforeEach(async () => {
    emulator = await startZendeskConnectEmulator()
  })
  afterEach(() => emulator.close())
  const post = (body: object) =>
    fetch(`${emulator.url}/v2/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Outbound-Key': developmentKey },
      body: JSON.stringify(body),
    })

  test('takes user data inside a track for an identify', async () => {
    const user = { first_name: 'Ada', email: 'ada@example.com', apns: ['T'], attributes: { plan: 'pro' } }
    expect((await post({ user_id: 'u', event: 'Seen', user })).status).toBe(200)
    expect(emulator.environment().users.all.get('u')).toMatchObject({
      identified: true,
      fields: { first_name: 'Ada', email: 'ada@example.com' },
      attributes: { plan: 'pro' },
      tokens: [{ platform: 'apns', token: 'T', active: true }],
    })
  })

  test('refuses user data of the wrong form, and stores nothing', async () => {
    expect((await post({ user_id: 'u', event: 'Seen', user: { email: 5 } })).status).toBe(400)
    expect((await post({ user_id: 'u', event: 'Seen', user: [] })).status).toBe(400)
    expect(emulator.environment().users.all.size).toBe(0)
  })
})
