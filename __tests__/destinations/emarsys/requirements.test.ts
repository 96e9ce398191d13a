import { Destination } from '@segment/actions-core'
import { createRuntime, type SegmentEvent } from 'waybill'
import { Destination as OurDestination } from 'waybill/actions-core'
import { emarsys } from 'waybill/destinations/emarsys'
import {
  type AddOnConfiguration,
  createAudienceSync,
  type EmarsysEmulator,
  startEmarsysEmulator,
  testKey,
} from 'waybill/emulators/emarsys'
import { event, runtimes, storedSubscriptions } from './deliver'

const hour = 3_600_000
let emulator: EmarsysEmulator
beforeEach(async () => {
  emulator = await startEmarsysEmulator()
})
afterEach(() => emulator.close())

const control = async (method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${emulator.url}/__emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}
const users = () => control('GET', 'users').then(({ body }) => body)
const configure = (configuration: AddOnConfiguration) => emulator.account().configure(configuration)
const received = (): SegmentEvent[] =>
  emulator.requests.map((request) => JSON.parse(request.body.toString()) as SegmentEvent)
const fieldOf = (key: string, id: number) => emulator.account().contacts.get(key)?.fields.get(id)

describe.each(runtimes)('on %s', (name, deliver) => {
  test.each(['page', 'identify', 'track'])('R1: %s calls are accepted', async (type) => {
    const sent = event(type, { userId: 'u' })
    await deliver(emulator, [sent])
    expect(received()).toEqual([sent])
  })

  test('R2: screen calls are accepted too; group and alias calls are not sent', async () => {
    await deliver(emulator, [
      event('screen', { userId: 'u', name: 'Home' }),
      event('group', { userId: 'u', groupId: 'g' }),
      event('alias', { userId: 'u', previousId: 'a' }),
    ])
    expect(received().map(({ type }) => type)).toEqual(['screen'])
  })

  test('R6: the key travels as user name of Basic credentials; a wrong key changes nothing', async () => {
    await deliver(emulator, [event('track', { userId: 'u' })])
    await deliver(emulator, [event('track', { userId: 'v' })], { apiKey: 'wrong' })
    expect(emulator.requests.map(({ headers, status }) => [headers.authorization, status])).toEqual([
      [`Basic ${btoa(`${testKey}:`)}`, 200],
      [`Basic ${btoa('wrong:')}`, 401],
    ])
    expect((await users()).map((row: { userId: string }) => row.userId)).toEqual(['u'])
  })

  test('R7: before any rule is agreed on, messages are accepted all the same', async () => {
    await deliver(emulator, [event('track', { userId: 'u', event: 'Order Completed' })])
    expect(emulator.requests[0]?.status).toBe(200)
    expect(emulator.account().programs).toEqual([])
  })

  test('R8: data maps and rules of the configuration page apply from then on', async () => {
    const answer = await control('PUT', 'addon/config', {
      dataMaps: [{ from: 'traits.firstName', to: 'first_name' }],
      programs: [{ id: 'welcome' }],
      rules: [{ id: 'r', steps: [{ types: ['identify'] }], trigger: { programId: 'welcome' } }],
    })
    expect(answer.status).toBe(204)
    await deliver(emulator, [
      event('identify', { userId: 'u', traits: { email: 'a@example.com', firstName: 'Ada' } }),
    ])
    expect(fieldOf('a@example.com', 1)).toBe('Ada')
    expect(emulator.account().programs).toMatchObject([{ programId: 'welcome', primaryKey: 'a@example.com' }])
  })

  test('R11: the users table keeps anonymousId, userId and primarykey', async () => {
    await deliver(emulator, [
      event('identify', { anonymousId: 'a', userId: 'u', traits: { email: 'e@example.com' } }),
    ])
    expect(await users()).toMatchObject([{ anonymousId: ['a'], userId: 'u', primarykey: 'e@example.com' }])
  })

  test('R12: anonymousId and userId are the standard members, not traits or properties of that name', async () => {
    await deliver(emulator, [
      event('identify', {
        userId: 'u',
        traits: { userId: 'x', anonymousId: 'y' },
        context: { traits: { userId: 'z' } },
      }),
    ])
    expect(await users()).toMatchObject([{ anonymousId: [], userId: 'u' }])
  })

  test.each([
    ['traits.email', { traits: { email: 'K' } }],
    ['traits -> email', { traits: { email: 'K' } }],
    ['context -> traits -> email', { context: { traits: { email: 'K' } } }],
    ['context.traits.email', { context: { traits: { email: 'K' } } }],
    ['properties.customer.id', { properties: { customer: { id: 'K' } } }],
    ['properties.orders[1].buyer', { properties: { orders: [{ buyer: 'no' }, { buyer: 'K' }] } }],
    ['traits["loyalty.card"]', { traits: { 'loyalty.card': ' K ' } }],
    ['userId', { userId: 'K' }],
  ])('R13: the primary key can be %s', async (primaryKeyPath, members) => {
    configure({ primaryKeyPath })
    await deliver(emulator, [event('track', { anonymousId: 'a', ...members })])
    expect(await users()).toMatchObject([{ primarykey: 'K' }])
  })

  test('R13: a message without the configured member has no primary key', async () => {
    configure({ primaryKeyPath: 'traits.email' })
    await deliver(emulator, [event('track', { anonymousId: 'a', properties: { email: 'no@example.com' } })])
    expect(await users()).toMatchObject([{ primarykey: null }])
  })

  test('R14: each request updates the table, even when no map and no rule knows it', async () => {
    emulator.advance('1h')
    await deliver(emulator, [event('page', { anonymousId: 'a' })])
    const [first] = await users()
    emulator.advance('1h')
    await deliver(emulator, [event('page', { anonymousId: 'a' })])
    const [second] = await users()
    expect(second).toMatchObject({ id: first.id, firstSeen: first.firstSeen })
    expect(Date.parse(second.lastSeen) - Date.parse(first.lastSeen)).toBeGreaterThanOrEqual(hour)
  })

  test('R15: any data property can be mapped to a field', async () => {
    const fields = [101, 102, 103, 104, 105, 106].map((id) => ({ id }))
    configure({
      fields,
      dataMaps: [
        { from: 'traits.plan', to: 101 },
        { from: 'properties.total', to: 102 },
        { from: 'properties.products[0].sku', to: 103 },
        { from: 'context.page.path', to: 104 },
        { from: 'properties.gift', to: 105 },
        { from: 'event', to: 106 },
      ],
    })
    await deliver(emulator, [
      event('track', {
        userId: 'u',
        event: 'Order Completed',
        traits: { email: 'm@example.com', plan: 'pro' },
        properties: { total: 0, gift: false, products: [{ sku: 'S-1' }] },
        context: { page: { path: '/thanks' } },
      }),
    ])
    expect(fields.map(({ id }) => fieldOf('m@example.com', id))).toEqual([
      'pro',
      '0',
      'S-1',
      '/thanks',
      'false',
      'Order Completed',
    ])
  })

  test('R16: a sequence of events starts a program', async () => {
    configure({
      programs: [{ id: 'cart' }],
      rules: [
        {
          id: 'abandoned',
          steps: [{ event: 'Product Viewed' }, { event: 'Product Added' }, { name: 'Cart' }],
          window: '1d',
          unless: [{ event: 'Order Completed' }],
          trigger: { programId: 'cart', data: { sku: 'steps[1].properties.sku' } },
        },
      ],
    })
    const at = (minute: number) => ({ timestamp: `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z` })
    const traits = { email: 'm@example.com' }
    await deliver(emulator, [
      event('identify', { userId: 'u', traits, ...at(0) }),
      event('track', { userId: 'u', event: 'product viewed', ...at(1) }),
      event('page', { userId: 'u', name: 'Cart', ...at(4) }),
      event('track', { userId: 'u', event: 'Product Added', properties: { sku: 'S-1' }, ...at(3) }),
    ])
    expect(emulator.account().programs).toMatchObject([
      { programId: 'cart', primaryKey: 'm@example.com', payload: { sku: 'S-1' } },
    ])
  })

  const computed = (key: string, value: unknown, computation: 'audience' | 'trait') =>
    event('identify', {
      userId: 'u',
      traits: { [key]: value },
      context: { personas: { computation_class: computation, computation_key: key, namespace: 'spa_1' } },
      integrations: { All: false, Emarsys: true },
    })

  test('R3, R17: what Engage computes arrives as it is, and a data map puts it into a field', async () => {
    configure({ dataMaps: [{ from: 'traits.lifetime_value', to: 24, transform: 'numeric' }] })
    const sent = computed('lifetime_value', 1234.5, 'trait')
    await deliver(emulator, [event('identify', { userId: 'u', traits: { email: 'm@example.com' } }), sent])
    expect(received()[1]).toEqual(sent)
    expect(fieldOf('m@example.com', 24)).toBe('1234.5')
  })

  test('R18: each user who is added or removed is one identify call', async () => {
    const calls = ['u1', 'u2', 'u1'].map((userId, index) =>
      event('identify', { userId, traits: { vip: index < 2 } }),
    )
    await deliver(emulator, calls)
    expect(received()).toEqual(calls)
  })

  test('R19: the name of the property is not changed', async () => {
    await deliver(emulator, [computed('order_completed_last_30days', true, 'audience')])
    expect(received()[0]?.traits).toEqual({ order_completed_last_30days: true })
  })

  test('R20: true on entering and false on leaving both reach the field', async () => {
    configure({
      fields: [{ id: 500 }],
      dataMaps: [
        {
          from: 'traits.order_completed_last_30days',
          to: 500,
          transform: 'boolChoice',
          choices: { true: 1, false: 2 },
        },
      ],
    })
    await deliver(emulator, [event('identify', { userId: 'u', traits: { email: 'm@example.com' } })])
    await deliver(emulator, [computed('order_completed_last_30days', true, 'audience')])
    expect(fieldOf('m@example.com', 500)).toBe('1')
    await deliver(emulator, [computed('order_completed_last_30days', false, 'audience')])
    expect(fieldOf('m@example.com', 500)).toBe('2')
  })

  test('R21, R22: the first sync sends everybody after six hours, later ones only changes', async () => {
    const sync = createAudienceSync({ key: 'vip', connectedAt: emulator.now() })
    emulator.advance(6 * hour - 1_000)
    expect(sync.due(emulator.now(), ['u1', 'u2'])).toEqual([])
    emulator.advance('2s')
    await deliver(emulator, sync.due(emulator.now(), ['u1', 'u2']))
    emulator.advance('119m')
    expect(sync.due(emulator.now(), ['u2', 'u3'])).toEqual([])
    emulator.advance('61m')
    await deliver(emulator, sync.due(emulator.now(), ['u2', 'u3']))
    expect(received().map(({ userId, traits }) => [userId, traits?.vip])).toEqual([
      ['u1', true],
      ['u2', true],
      ['u3', true],
      ['u1', false],
    ])
  })

  test('R24: changed settings are used from the next call on', async () => {
    const other = await startEmarsysEmulator({ accounts: [{ apiKey: 'other-key' }], path: '/other' })
    await deliver(emulator, [event('track', { userId: 'u' })])
    await deliver(emulator, [event('track', { userId: 'u' })], {
      apiKey: 'other-key',
      endpoint: other.endpoint,
    })
    expect([emulator.requests.length, other.requests.length]).toEqual([1, 1])
    expect(other.requests[0]).toMatchObject({ path: '/other', status: 200 })
    await other.close()
  })

  test('a failure is not hidden', async () => {
    emulator.fault({ status: 501, body: { message: 'no screens here' } })
    const [result] = await deliver(emulator, [event('screen', { userId: 'u' })])
    expect(result).toMatchObject(
      name === 'waybill'
        ? { kind: 'rejected', code: 'EVENT_NOT_SUPPORTED', vendorCode: 'no screens here' }
        : { code: 'EVENT_NOT_SUPPORTED', status: 501, message: expect.stringContaining('no screens here') },
    )
  })
})

test.each([
  [{ Emarsys: false }, 0],
  [{ All: false }, 0],
  [{ All: false, Emarsys: true }, 1],
  [{ All: true, Emarsys: false }, 0],
  [{ All: false, Emarsys: { option: 1 } }, 1],
  [{ emarsys: false }, 1],
])('R3: the integrations object %p addresses the destination as Emarsys', async (integrations, count) => {
  await runtimes[0]?.[1](emulator, [event('track', { userId: 'u', integrations })])
  expect(emulator.requests).toHaveLength(count)
})

test('R4: the description names who maintains the destination and where to ask', () => {
  expect(emarsys.description).toMatch(/Maintained by Emarsys.*help@support\.emarsys\.com/)
})

test('R10: one action and one preset serve all four types', () => {
  expect(Object.keys(emarsys.actions)).toEqual(['send'])
  expect(storedSubscriptions).toHaveLength(1)
})

test('R23: the key is required, with the wording of the catalog, and of the type that is hidden everywhere', () => {
  expect(emarsys.authentication?.fields.apiKey).toEqual({
    label: 'API Key',
    description: 'Please consult your Emarsys account manager for your API Key.',
    type: 'password',
    required: true,
  })
})

test('R23: the value of the key is in no outcome, even where the add-on repeats it', async () => {
  const text = `${testKey} and ${btoa(`${testKey}:`)} are not known`
  emulator.fault({ status: 401, body: { message: text } })
  const outcomes = await runtimes[0]?.[1](emulator, [event('track', { userId: 'u' })])
  expect(outcomes).toMatchObject([
    { kind: 'blocked', vendorCode: expect.stringMatching(/^\*\*\* and \S+ are not known$/) },
  ])
  const all = JSON.stringify(outcomes)
  expect(all).not.toContain(testKey)
  expect(all).not.toContain(btoa(testKey).slice(0, -4))
})

test('a batch is a bounded set of single posts, each with an outcome of its own', async () => {
  const runtime = createRuntime({
    connections: [
      {
        destination: emarsys,
        settings: { apiKey: testKey, endpoint: emulator.endpoint },
        subscriptions: [{ action: 'send', filter: 'type != "alias"', batch: { maxCount: 50 } }],
      },
    ],
  })
  const events = Array.from({ length: 50 }, (_, index) =>
    event(index % 10 === 3 ? 'group' : 'track', { userId: `u${index % 20}` }),
  )
  const outcomes = await runtime.send(events)
  await runtime.close()
  expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.kind))).toEqual(
    events.map(({ type }) => (type === 'group' ? 'EVENT_NOT_SUPPORTED' : 'delivered')),
  )
  const byId = (a: SegmentEvent, b: SegmentEvent) => String(a.messageId).localeCompare(String(b.messageId))
  expect(received().sort(byId)).toEqual([...events].sort(byId))
})

test.each([
  { apiKey: '' },
  { apiKey: undefined },
  { endpoint: undefined },
  { endpoint: 'emarsys' },
  { timeoutMs: 0 },
])('R6: settings with %p are refused before anything is sent', async (settings) => {
  for (const [name, deliver] of runtimes) {
    const attempt = deliver(emulator, [event('track', { userId: 'u' })], settings)
    if (name === 'waybill') await expect(attempt).rejects.toMatchObject({ code: 'INVALID_SETTINGS' })
    else expect(await attempt).toHaveLength(1)
  }
  expect(emulator.requestCount).toBe(0)
})

describe.each([
  ['the reference', Destination],
  ['waybill/actions-core', OurDestination],
] as const)('as a Destination of %s', (_name, DestinationClass) => {
  const settings = (more: object = {}) => ({ apiKey: testKey, endpoint: emulator.endpoint, ...more }) as never

  test('the credentials are tested without a request, which would leave a trace', async () => {
    const destination = new DestinationClass(emarsys as never)
    await destination.testAuthentication(settings())
    for (const wrong of [{ apiKey: ' ' }, { endpoint: 'http://emarsys.example/' }, { endpoint: 'https://' }])
      await expect(destination.testAuthentication(settings(wrong))).rejects.toThrow()
    expect(emulator.requestCount).toBe(0)
  })

  test('a deletion is posted only on request, and removes the row', async () => {
    await runtimes[0]?.[1](emulator, [event('track', { userId: 'u' }), event('track', { userId: 'v' })])
    const destination = new DestinationClass(emarsys as never)
    const erase = (more: object) =>
      destination.onDelete?.({ type: 'delete', userId: 'u' } as never, settings(more))
    await erase({})
    expect(emulator.requestCount).toBe(2)
    await erase({ sendDeletes: true })
    expect(received()[2]).toMatchObject({ type: 'delete', userId: 'u' })
    expect(await users()).toMatchObject([{ userId: 'v' }])
  })
})
