import { Destination } from '@segment/actions-core'
import { createRuntime, type SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { startZaiusEmulator, type ZaiusEmulator, type ZaiusEmulatorOptions } from 'waybill/emulators/zaius'
import { outcomesOf } from './senders'

let emulator: ZaiusEmulator
const start = async (options: ZaiusEmulatorOptions = {}) => {
  await emulator?.close()
  emulator = await startZaiusEmulator(options)
}
beforeEach(() => start())
afterAll(() => emulator.close())

const at = '2024-05-01T10:00:00Z'
const track = (event: string, properties: object, who: object = { userId: 'u' }): SegmentEvent => ({
  type: 'track',
  event,
  messageId: JSON.stringify([event, properties, who]),
  timestamp: at,
  properties: properties as never,
  ...who,
})
const identify = (userId: string, email: string): SegmentEvent => ({
  type: 'identify',
  userId,
  messageId: userId,
  timestamp: at,
  traits: { email },
})
const sent = (path: string) =>
  emulator.requests.filter((request) => request.path === path).flatMap(({ body }) => JSON.parse(String(body)))

describe('who it is', () => {
  const gift = track('Gift Sent', { email: 'friend@example.com' }, { userId: 'giver' })
  const people = [identify('giver', 'giver@example.com'), identify('friend', 'friend@example.com')]

  test('an event with the address of somebody else does not merge two customers', async () => {
    await outcomesOf(emulator, people)
    await outcomesOf(emulator, [gift])
    expect(emulator.account.customers.all()).toHaveLength(2)
  })

  test('with the setting of old it does, which is why it is off', async () => {
    await outcomesOf(emulator, people)
    await outcomesOf(emulator, [gift], { identifyByPropertyEmail: true })
    expect(emulator.account.customers.all()).toHaveLength(1)
  })

  test('an email event names its recipient alone', async () => {
    await outcomesOf(emulator, [
      track('Email Opened', { email: 'a@example.com' }, { userId: 'u', context: {} }),
    ])
    expect(sent('/v3/events')[0].identifiers).toEqual({ segment_user_id: 'u', email: 'a@example.com' })
  })

  test('vuid and fs_user_id come with the integrations of the event', async () => {
    const integrations = { Zaius: { vuid: 'v1', fs_user_id: 'f1' } }
    await outcomesOf(emulator, [track('Seen', {}, { userId: 'u', integrations })])
    expect(sent('/v3/events')[0].identifiers).toEqual({
      segment_user_id: 'u',
      vuid: 'v1',
      fs_user_id: 'f1',
    })
  })
})

describe('keys', () => {
  const both = () => ({ apiKey: emulator.publicKey, privateKey: emulator.privateKey })

  test('events go with the public key, customers with the private one', async () => {
    await start({ profilesNeedPrivateKey: true, privateKey: 'waybill-test.zzz' })
    const outcomes = await outcomesOf(emulator, [identify('u', 'a@example.com'), track('Seen', {})], both())
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(2)
  })

  test.each([
    [{ privateKey: 'other.secret' }, /belongs to another account/],
    [{ privateKey: 'waybill-test.wrong' }, /does not take the private API key/],
  ])('the test of credentials says what is wrong with %j', async (settings, message) => {
    const runtime = createRuntime({
      connections: [
        {
          destination: zaius,
          settings: { apiKey: emulator.publicKey, endpoint: emulator.url, ...settings },
          subscriptions: [],
        },
      ],
    })
    const result = await runtime.connection('zaius').testAuthentication()
    await runtime.close()
    expect(JSON.stringify(result)).toMatch(message)
  })
})

test('lists are joined and left by events of their names', async () => {
  const context = { traits: { email: 'a@example.com' } }
  await outcomesOf(emulator, [
    track('List Subscribed', { list_id: 'news' }, { userId: 'u', context }),
    track('List Unsubscribed', {}, { userId: 'u', context }),
  ])
  expect(sent('/v3/lists/subscriptions')).toEqual(
    expect.arrayContaining([
      { list_id: 'news', email: 'a@example.com', subscribed: true },
      { list_id: 'zaius_all', email: 'a@example.com', subscribed: false },
    ]),
  )
  expect(sent('/v3/events')).toEqual([])
})

test('consent is sent with its reason and whole seconds', async () => {
  const runtime = createRuntime({
    connections: [
      {
        destination: zaius,
        settings: { apiKey: emulator.privateKey, endpoint: emulator.url },
        subscriptions: [{ action: 'consent', filter: 'type = "track"' }],
      },
    ],
  })
  await runtime.send([track('Unsubscribed', { email: 'a@example.com', reason: 'asked by phone' })])
  await runtime.close()
  expect(sent('/v3/consent')).toEqual([
    {
      identifier_field_name: 'email',
      identifier_value: 'a@example.com',
      consent: false,
      consent_update_reason: 'asked by phone',
      consent_update_ts: 1714557600,
    },
  ])
  expect(emulator.account.standing.find('email', 'a@example.com')).toMatchObject({ consent: false })
})

test('the cart goes along where the settings say so', async () => {
  const products = [{ product_id: 'p1', quantity: 2 }, { sku: 's2' }, { name: 'no id' }]
  const cart = track('Cart Viewed', { cart_id: 'c', products })
  await outcomesOf(emulator, [cart], { cartContents: true })
  expect(sent('/v3/events')[0].data).toMatchObject({
    cart_id: 'c',
    cart_json: '{"items":[{"product_id":"p1","quantity":2},{"product_id":"s2","quantity":1}]}',
    cart_param: 'p1:2,s2:1',
  })
})

describe('deletions', () => {
  const settings = (requester?: string) => ({
    apiKey: emulator.privateKey,
    endpoint: emulator.url,
    ...(requester && { complianceRequester: requester }),
  })

  test('go to the compliance API, in the name of the requester', async () => {
    await outcomesOf(emulator, [identify('u', 'a@example.com')])
    const runtime = createRuntime({
      connections: [{ destination: zaius, settings: settings('dpo@example.com'), subscriptions: [] }],
    })
    await runtime.connection('zaius').delete({ userId: 'u' })
    await runtime.close()
    expect(sent('/v3/compliance/gdpr/delete')).toEqual([
      {
        requester: 'dpo@example.com',
        identifier_field_name: 'segment_user_id',
        identifier_value: 'u',
      },
    ])
    expect(emulator.account.customers.find('email', 'a@example.com')).toBeUndefined()
  })

  test('are the same on the reference', async () => {
    const event = { type: 'delete', userId: 'u' }
    await new Destination(zaius).onDelete?.(event as never, settings('dpo@example.com') as never)
    expect(sent('/v3/compliance/gdpr/delete')).toHaveLength(1)
    await new Destination(zaius).onDelete?.(event as never, settings() as never)
    expect(sent('/v3/compliance/gdpr/delete')).toHaveLength(1)
  })
})

test('pickers offer the fields and lists of the account, and say what is wrong with a key', async () => {
  emulator.account.schema.addField('customers', 'big_spender', 'boolean')
  emulator.account.lists.create('News', 0)
  const connect = (apiKey: string) =>
    createRuntime({
      connections: [
        { destination: zaius, settings: { apiKey, endpoint: emulator.url }, subscriptions: 'presets' },
      ],
    })
  const runtime = connect(emulator.privateKey)
  const ask = (action: string, field: string) =>
    runtime.connection('zaius').dynamicField({ action, field, payload: {} } as never)
  expect(JSON.stringify(await ask('upsertCustomer', 'fields.__keys__'))).toContain(
    '{"value":"big_spender","label":"Big Spender","type":"boolean"}',
  )
  expect(JSON.stringify(await ask('trackEvent', 'fields.__keys__'))).toContain('"value":"campaign_id"')
  expect(JSON.stringify(await ask('listSubscription', 'list_id'))).toContain(
    '{"value":"news","label":"News"}',
  )
  await runtime.close()
  const wrong = connect('wrong')
  expect(
    JSON.stringify(
      await wrong
        .connection('zaius')
        .dynamicField({ action: 'upsertCustomer', field: 'fields.__keys__', payload: {} } as never),
    ),
  ).toContain('ODP does not know this key')
  await wrong.close()
})
