import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { emarsysApi } from 'waybill/destinations/emarsys-api'
import {
  type EmarsysApiEmulator,
  type EmarsysApiEmulatorOptions,
  startEmarsysApiEmulator,
  testClient,
  testUser,
} from 'waybill/emulators/emarsys-api'
import { forgetTokens } from '../../../destinations/emarsys-api/tokens'
import { fieldValues } from '../../../destinations/emarsys-api/values'
import { wsseHeader } from '../../../destinations/emarsys-api/wsse'
import { createMapState } from './map-state'

let emulator: EmarsysApiEmulator
let now: number
async function start(options: EmarsysApiEmulatorOptions = {}): Promise<void> {
  await emulator?.close()
  forgetTokens()
  emulator = await startEmarsysApiEmulator({
    fields: [{ id: 7001, type: 'multichoice', choices: { 1: 'a', 2: 'b' } }],
    events: [
      { id: 17, name: 'cart' },
      { id: 18, name: 'unused', isUsed: false },
    ],
    lists: [{ id: 5, name: 'news' }],
    clock: () => now,
    ...options,
  })
}
beforeEach(() => {
  now = Date.now()
  return start()
})
afterAll(() => emulator.close())

const oidc = () => ({ clientId: testClient.clientId, clientSecret: testClient.clientSecret })
const addresses = () => ({ baseUrl: emulator.url, tokenUrl: `${emulator.url}/oauth2/token` })

type Given = { settings?: object; state?: ReturnType<typeof createMapState> }
function connect(action: string, mapping: object, { settings = {}, state }: Given = {}) {
  return createRuntime({
    ...(state && { context: { state } }),
    connections: [
      {
        destination: emarsysApi,
        settings: { ...oidc(), ...addresses(), ...settings },
        limits: { requestsPerSecond: 10_000 },
        subscriptions: [
          { action, filter: 'type = "track"', mapping: { enable_batching: true, ...mapping } as never },
        ],
      },
    ],
  })
}
async function send(
  action: string,
  mapping: object,
  emails: readonly string[],
  given: Given = {},
): Promise<Outcome[]> {
  const runtime = connect(action, { key_value: { '@path': '$.properties.email' }, ...mapping }, given)
  const outcomes = await runtime.send(
    emails.map(
      (email, index): SegmentEvent => ({
        type: 'track',
        event: 'E',
        messageId: `m${index}`,
        properties: { email },
      }),
    ),
  )
  await runtime.close()
  return outcomes
}
const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind)
const codes = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.kind))
const apiRequests = () => emulator.requests.filter(({ path }) => path.startsWith('/api/'))
const bodies = () => apiRequests().map(({ body }) => JSON.parse(String(body)))
const upsert = (...emails: string[]) => send('upsertContact', { fields: { '1': 'Ada' } }, emails)

test.each([
  [
    '5398e214ae99c2e50afb709a3bc423f9',
    '2019-10-14T00:00:00.000Z',
    'dummy',
    'NDc5MjNlODIyMGE4ODhiMTQyNTA0OGMzZTFjZTM1MmMzMmU0NmNiNw==',
  ],
  [
    'd36e316282959a9ed4c89851497a717f',
    '2024-03-20T12:51:45Z',
    'customersecret',
    'ODFiMmExMWZmYTEwMWU5NzcwZDMzNzFlZDgxMDU0ZDFmOTk4YzYzZQ==',
  ],
])('the WSSE digest of nonce %s is over the hex text', (nonce, created, secret, digest) => {
  expect(wsseHeader('user', secret, nonce, created)).toBe(
    `UsernameToken Username="user", PasswordDigest="${digest}", Nonce="${nonce}", Created="${created}"`,
  )
})

test('WSSE goes to v2, bearer tokens to v3', async () => {
  const wsse = { authType: 'wsse', apiUser: testUser.user, apiPassword: testUser.secret }
  expect(kinds(await send('upsertContact', {}, ['a@example.com'], { settings: wsse }))).toEqual(['delivered'])
  expect(kinds(await upsert('b@example.com'))).toEqual(['delivered'])
  expect(emulator.requests.map(({ path }) => path)).toEqual([
    '/api/v2/contact/',
    '/oauth2/token',
    '/api/v3/contact/',
  ])
})

test('contacts of one key are one row, and each event has its outcome', async () => {
  expect(kinds(await upsert('a@example.com', 'b@example.com', 'a@example.com'))).toEqual([
    'delivered',
    'delivered',
    'delivered',
  ])
  expect(bodies()).toEqual([
    {
      key_id: 3,
      contacts: [
        { '1': 'Ada', '3': 'a@example.com' },
        { '1': 'Ada', '3': 'b@example.com' },
      ],
    },
  ])
})

test('errors of rows in an answer of 200 concern these rows alone', async () => {
  await upsert('a@example.com', 'c@example.com')
  const outcomes = await send('triggerEvent', { event_id: 17 }, [
    'a@example.com',
    'b@example.com',
    'c@example.com',
  ])
  expect(codes(outcomes)).toEqual(['delivered', 'EMARSYS_2008', 'delivered'])
  expect(outcomes[1]).toMatchObject({ kind: 'rejected', owner: 'event' })
  expect(emulator.account.triggered).toHaveLength(2)
})

test('a contact that is not there is made first, where the mapping says so', async () => {
  const mapping = { event_id: 17, create_if_missing: true }
  expect(kinds(await send('triggerEvent', mapping, ['new@example.com']))).toEqual(['delivered'])
  expect(emulator.account.triggered).toHaveLength(1)
})

test('two events of one contact go one after the other, and a repetition starts nothing twice', async () => {
  await upsert('a@example.com')
  await send('triggerEvent', { event_id: 17 }, ['a@example.com', 'a@example.com'])
  await send('triggerEvent', { event_id: 17 }, ['a@example.com', 'a@example.com'])
  expect(emulator.account.triggered).toHaveLength(2)
})

test('a race is repeated once', async () => {
  emulator.race('a@example.com')
  expect(kinds(await upsert('a@example.com'))).toEqual(['delivered'])
  expect(apiRequests()).toHaveLength(2)
})

test.each([
  ['error', 'EMARSYS_5005'],
  ['success', 'delivered'],
])('an event that starts nothing is, with noProgram %s, %s', async (noProgram, code) => {
  await upsert('a@example.com')
  const outcomes = await send('triggerEvent', { event_id: 18 }, ['a@example.com'], {
    settings: { noProgram },
  })
  expect(codes(outcomes)).toEqual([code])
})

const answers: [number, number, string, string][] = [
  [400, 2001, 'retry', 'data could not be loaded'],
  [400, 2010, 'rejected', 'several contacts'],
  [400, 5001, 'rejected', 'no such event'],
  [400, 5008, 'delivered', 'left out by Interactions'],
  [500, 1, 'retry', 'internal error'],
  [500, 3004, 'rejected', 'a list that is none'],
  [500, 6001, 'rejected', 'not understood'],
  [502, 0, 'retry', 'ignored for a while'],
  [503, 0, 'retry', 'overloaded'],
  [429, 7003, 'retry', 'too many'],
  [403, 0, 'blocked', 'a permission that is missing'],
  [200, 2004, 'rejected', 'a refusal dressed as 200'],
]
test.each(answers)('status %i with code %i is %s: %s', async (status, replyCode, kind) => {
  await upsert('a@example.com')
  emulator.fault({
    match: { path: '/api/v3/event/17/trigger' },
    times: 9,
    status,
    body: { replyCode, replyText: 'text', data: '' },
  })
  expect(kinds(await send('triggerEvent', { event_id: 17 }, ['a@example.com']))).toEqual([kind])
})

test('an answer that is none of Emarsys may be better the next time', async () => {
  emulator.fault({ match: { path: '/api/v3/contact/' }, status: 200, body: '<html>' })
  expect(kinds(await upsert('a@example.com'))).toEqual(['retry'])
})

test('lists are changed by key, and contacts unsubscribed and deleted', async () => {
  await upsert('a@example.com', 'b@example.com')
  await send('addToContactList', { contact_list_id: 5 }, ['a@example.com', 'b@example.com', 'a@example.com'])
  expect(emulator.account.lists.get(5)?.members.size).toBe(2)
  await send('removeFromContactList', { contact_list_id: 5 }, ['b@example.com'])
  expect(emulator.account.lists.get(5)?.members.size).toBe(1)
  await send('unsubscribe', { campaign_id: '9' }, ['a@example.com'])
  expect([...emulator.account.contacts.values()][0]?.values.get(31)).toBe('2')
  expect(emulator.account.unsubscriptions).toHaveLength(1)
  expect(kinds(await send('deleteContact', {}, ['a@example.com', 'gone@example.com']))).toEqual([
    'delivered',
    'delivered',
  ])
  expect(emulator.account.contacts.size).toBe(1)
})

describe('tokens', () => {
  test('one token serves all calls, and a test of credentials', async () => {
    const runtime = connect('upsertContact', { key_value: 'a@example.com', fields: {} })
    await runtime.connection('emarsys-api').testAuthentication()
    await runtime.connection('emarsys-api').testAuthentication()
    await runtime.send([{ type: 'track', event: 'E' }])
    await runtime.close()
    expect(emulator.tokensFetched).toBe(1)
  })

  test('another process finds it in the store', async () => {
    const state = createMapState()
    for (let processes = 0; processes < 5; processes++) {
      forgetTokens()
      expect(kinds(await send('upsertContact', {}, ['a@example.com'], { state }))).toEqual(['delivered'])
    }
    expect(emulator.tokensFetched).toBe(1)
    expect(JSON.stringify(await state.keys(''))).not.toContain(testClient.clientSecret)
  })

  test('or in a file that belongs to its owner alone', async () => {
    const tokenFile = join(mkdtempSync(join(tmpdir(), 'token-')), 'emarsys.json')
    for (let processes = 0; processes < 3; processes++) {
      forgetTokens()
      await send('upsertContact', {}, ['a@example.com'], { settings: { tokenFile } })
    }
    expect(emulator.tokensFetched).toBe(1)
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    expect(readFileSync(tokenFile, 'utf8')).not.toContain(testClient.clientSecret)
  })

  test('a refused token is renewed once, and no more for a while', async () => {
    await upsert('a@example.com')
    emulator.revokeTokens()
    expect(kinds(await upsert('b@example.com'))).toEqual(['delivered'])
    emulator.revokeTokens()
    expect(kinds(await upsert('c@example.com'))).toEqual(['blocked'])
    expect(emulator.tokensFetched).toBe(2)
  })

  test('used-up rations are waited for', async () => {
    await start({ ration: { perMinute: 0, perHour: 0 } })
    expect(await upsert('a@example.com')).toMatchObject([{ kind: 'retry', afterMs: 60_000 }])
    expect(await upsert('a@example.com')).toMatchObject([{ kind: 'retry', afterMs: 360_000 }])
  })

  test('wrong credentials block the connection', async () => {
    const settings = { clientSecret: 'wrong' }
    expect(await send('upsertContact', {}, ['a@example.com'], { settings })).toMatchObject([
      { kind: 'blocked', owner: 'configuration' },
    ])
  })
})

test('values are of the forms that Emarsys takes', () => {
  const notes: string[] = []
  const given = {
    1: 'Ada',
    4: 7,
    31: true,
    32: false,
    7001: [1, '2'],
    7002: [],
    0: 'x',
    2: null,
    11: '',
    9: { a: 1 },
    10: Number.NaN,
  }
  expect(fieldValues(given, { 32: { true: 1, false: 2 } }, {}, (field) => notes.push(field))).toEqual({
    1: 'Ada',
    4: '7',
    31: '1',
    32: '2',
    7001: ['1', '2'],
    9: '{"a":1}',
  })
  expect(notes.sort()).toEqual(['0', '10', '7002'])
  expect(fieldValues({ 2: null, 11: '' }, undefined, { emptyValues: 'clear' }, () => undefined)).toEqual({
    2: null,
    11: null,
  })
})
