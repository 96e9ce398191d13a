import { Destination } from '@segment/actions-core'
import { createRuntime, type SegmentEvent } from 'waybill'
import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import {
  type Campaign,
  startZendeskConnectEmulator,
  type ZendeskConnectEmulator,
} from 'waybill/emulators/zendesk-connect'

const hour = 3_600_000
const day = 24 * hour
const development = { name: 'development', privateKey: 'd'.repeat(32) }
const production = { name: 'production', privateKey: 'e'.repeat(32) }

let now: number
let emulator: ZendeskConnectEmulator

beforeEach(async () => {
  now = Date.parse('2024-05-01T12:00:00Z')
  emulator = await startZendeskConnectEmulator({ environments: [development, production], clock: () => now })
})
afterEach(() => emulator.close())

type Send = (events: SegmentEvent[], keys?: { privateKey: string }) => Promise<unknown>

let messages = 0
const withIds = (events: SegmentEvent[]): SegmentEvent[] =>
  events.map((event) => ({ messageId: `message-${messages++}`, ...event }))

const connection = (keys: { privateKey: string }) => ({
  name: keys.privateKey,
  destination: zendeskConnect,
  settings: { apiKey: keys.privateKey, endpoint: emulator.url },
  subscriptions: 'presets' as const,
})

const withWaybill: Send = async (events, keys = development) => {
  const runtime = createRuntime({ connections: [connection(keys)] })
  const outcomes = await runtime.send(withIds(events))
  await runtime.close()
  return outcomes
}

const withReference: Send = async (events, keys = development) => {
  const destination = new Destination(zendeskConnect)
  const subscriptions = (zendeskConnect.presets ?? []).map((preset) => ({
    ...preset,
    mapping: Object.fromEntries(
      Object.entries(zendeskConnect.actions[preset.partnerAction as 'trackEvent'].fields).flatMap(
        ([key, field]) => (field.default === undefined ? [] : [[key, field.default]]),
      ),
    ),
  }))
  for (const event of withIds(events))
    await destination.onEvent(
      event as never,
      { apiKey: keys.privateKey, endpoint: emulator.url, subscriptions } as never,
    )
}

const user = (id: string, environment = development) =>
  emulator.environment(environment.name).users.all.get(id)
const eventRows = (search?: string) =>
  emulator.environment('development').events.rows(now, search === undefined ? {} : { search })

describe.each([
  ['waybill', withWaybill],
  ['the reference', withReference],
])('on %s', (_name, send) => {
  test('R1: a changed key is used from the next call on', async () => {
    await send([{ type: 'identify', userId: 'u' }], development)
    await send([{ type: 'identify', userId: 'u' }], production)
    expect(emulator.requests.map((request) => request.headers['x-outbound-key'])).toEqual([
      development.privateKey,
      production.privateKey,
    ])
  })

  test('R2: identify, track and alias are forwarded, in the order of the calls of a user', async () => {
    await send([
      { type: 'identify', anonymousId: 'a' },
      { type: 'track', anonymousId: 'a', event: 'One' },
      { type: 'track', anonymousId: 'a', event: 'Two' },
      { type: 'alias', userId: 'u', previousId: 'a' },
    ])
    const bodies = emulator.requests.map((request) => JSON.parse(request.body.toString()))
    expect(bodies.map((body) => body.event ?? body.previous_id ?? 'identify')).toEqual([
      'identify',
      'One',
      'Two',
      'a',
    ])
  })

  test('R3: the real-time feed shows each call with its user, newest first', async () => {
    await send([
      { type: 'identify', userId: 'u' },
      { type: 'track', userId: 'u', event: 'Seen' },
    ])
    expect(emulator.environment().feed).toEqual([
      { at: now, kind: 'track', user: 'u', name: 'Seen' },
      { at: now, kind: 'identify', user: 'u' },
    ])
  })

  test('R4: production and development stay separate', async () => {
    await send([{ type: 'identify', userId: 'dev' }], development)
    await send([{ type: 'identify', userId: 'live' }], production)
    expect([...emulator.environment('development').users.all.keys()]).toEqual(['dev'])
    expect([...emulator.environment('production').users.all.keys()]).toEqual(['live'])
  })

  test.each(['analytics.js', 'analytics-node', 'analytics-ios', 'analytics-android'])(
    'R5: messages of %s are accepted',
    async (library) => {
      await send([{ type: 'track', userId: 'u', event: 'E', context: { library: { name: library } } }])
      expect(user('u')?.events).toHaveLength(1)
    },
  )

  test('R6, R7: identify carries the id and the traits, which become attributes', async () => {
    await send([{ type: 'identify', userId: 'u', traits: { plan: 'pro', nested: { deep: [1] } } }])
    expect(user('u')).toMatchObject({ identified: true, attributes: { plan: 'pro', nested: { deep: [1] } } })
  })

  test('R8 to R12: name, e-mail, phone and device token become fields of the user', async () => {
    const traits = { name: 'Peter Gibbons', email: 'peter@example.com', phone: '1234567890' }
    await send([{ type: 'identify', userId: 'u', traits, context: { device: { type: 'ios', token: 'T' } } }])
    expect(user('u')).toMatchObject({
      fields: {
        first_name: 'Peter',
        last_name: 'Gibbons',
        email: 'peter@example.com',
        phone_number: '1234567890',
      },
      tokens: [{ platform: 'apns', token: 'T', active: true }],
    })
  })

  test('R13 to R15: the time zone is taken from traits or context, and only in Olson spelling', async () => {
    await send([
      { type: 'identify', userId: 'trait', traits: { timezone: 'america/new_york' } },
      { type: 'identify', userId: 'context', context: { timezone: 'Asia/Calcutta' } },
      { type: 'identify', userId: 'bad', traits: { timezone: 'Pacific Time (US & Canada)' } },
    ])
    expect(['trait', 'context', 'bad'].map((id) => user(id)?.fields.timezone)).toEqual([
      'America/New_York',
      'Asia/Calcutta',
      undefined,
    ])
  })

  test('R16 to R19: an alias turns the anonymous user into the known one, history included', async () => {
    await send([
      { type: 'identify', anonymousId: 'anon', traits: { color: 'red' } },
      { type: 'track', anonymousId: 'anon', event: 'Looked' },
      { type: 'alias', userId: 'real', anonymousId: 'anon' },
      { type: 'track', anonymousId: 'anon', event: 'Came back' },
    ])
    expect([...emulator.environment().users.all.keys()]).toEqual(['real'])
    expect(user('real')).toMatchObject({ attributes: { color: 'red' } })
    expect(user('real')?.events.map((event) => event.name)).toEqual(['Looked', 'Came back'])
  })

  test('R20 to R22: an event triggers a campaign, which its filters and the template read', async () => {
    const campaign: Campaign = {
      id: 'welcome',
      trigger: 'Signed Up',
      channel: 'email',
      template: 'Hello {{first_name}}, welcome to {{plan}}!',
      filters: [
        [{ property: 'plan', operator: 'equals', value: 'pro' }],
        [
          { attribute: 'vip', operator: 'equals', value: 'true' },
          { hasDone: 'Visited', withinMs: day },
        ],
      ],
    }
    emulator.environment().addCampaign(campaign)
    await send([
      { type: 'identify', userId: 'u', traits: { name: 'Ada', email: 'ada@example.com', vip: true } },
      { type: 'track', userId: 'u', event: 'Signed Up', properties: { plan: 'pro' } },
      { type: 'track', userId: 'u', event: 'Signed Up', properties: { plan: 'free' } },
    ])
    expect(emulator.environment().deliveries.map(({ text }) => text)).toEqual(['Hello Ada, welcome to pro!'])
    expect(emulator.environment().skips).toEqual([
      { campaign: 'welcome', user: 'u', reason: 'filters not met' },
    ])
  })

  test('R23: an event within the window of a goal reaches it, a later one does not', async () => {
    const goals = [
      { event: 'Bought', withinMs: hour },
      { event: 'Rated', withinMs: hour },
    ]
    emulator
      .environment()
      .addCampaign({ id: 'c', trigger: 'Signed Up', channel: 'email', template: '', goals })
    await send([
      { type: 'identify', userId: 'u', traits: { email: 'a@example.com' } },
      { type: 'track', userId: 'u', event: 'Signed Up' },
    ])
    now += hour - 1000
    await send([{ type: 'track', userId: 'u', event: 'Bought' }])
    now += hour
    await send([{ type: 'track', userId: 'u', event: 'Rated' }])
    expect(emulator.environment().deliveries[0]?.goals).toEqual(['Bought'])
  })

  test('R24 to R26: the events view tells whether and how often an event came', async () => {
    await send([
      { type: 'track', userId: 'u', event: 'Added item' },
      { type: 'track', userId: 'u', event: 'Added item' },
      { type: 'track', userId: 'u', event: 'Left' },
    ])
    expect(eventRows().map((row) => [row.event, row.times_seen, row.seen_in_last_24_hours])).toEqual([
      ['Added item', 2, true],
      ['Left', 1, true],
    ])
    expect(eventRows('ADDED')).toHaveLength(1)
    now += day - 1
    expect(eventRows('added')[0]).toMatchObject({ seen_in_last_24_hours: true, times_seen_24h: 2 })
    now += 2
    expect(eventRows('added')[0]).toMatchObject({
      seen_in_last_24_hours: false,
      times_seen: 2,
      times_seen_24h: 0,
    })
  })

  test.each([400, 401, 500])('R26: an event that was refused with %i is not listed', async (status) => {
    emulator.fault({ status })
    await send([{ type: 'track', userId: 'u', event: 'Lost' }]).catch(() => undefined)
    expect(eventRows()).toEqual([])
  })
})

test.each(['Outbound', 'Zendesk Connect'])('R28: the integrations object may say %s', async (name) => {
  const send = (integrations: Record<string, unknown>) =>
    withWaybill([{ type: 'identify', userId: 'u', integrations }]) as Promise<
      { kind: string; reason?: string }[]
    >
  expect((await send({ All: false, [name]: true }))[0]?.kind).toBe('delivered')
  expect((await send({ [name]: false }))[0]).toMatchObject({ kind: 'skipped', reason: 'integrations' })
})

test('a repeated call is recognized by its GUID and processed once', async () => {
  emulator.fault({ reset: 'after' })
  const runtime = createRuntime({
    connections: [connection(development)],
    retry: { forMs: 10_000, minMs: 1, maxMs: 1 },
  })
  const outcomes = await runtime.send([{ type: 'track', userId: 'u', event: 'Once', messageId: 'm' }])
  await runtime.close()
  expect(outcomes.find((outcome) => outcome.action === 'trackEvent')).toMatchObject({
    kind: 'delivered',
    attempt: 2,
  })
  expect(eventRows()).toMatchObject([{ event: 'Once', times_seen: 1 }])
})

test('a batch with one bad event is sent again one by one, and only that one fails', async () => {
  const runtime = createRuntime({
    connections: [
      {
        ...connection(development),
        subscriptions: [{ action: 'trackEvent', filter: 'type = "track"', batch: {} }],
      },
    ],
  })
  const events = Array.from({ length: 100 }, (_, index) => ({
    type: 'track',
    userId: `u${index}`,
    event: 'E',
    messageId: `b${index}`,
  }))
  emulator.fault({ match: { path: '/v2/track/batch' }, status: 400 })
  emulator.fault({ match: { path: '/v2/track' }, status: 400 })
  const outcomes = await runtime.send(events)
  await runtime.close()
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['rejected', ...Array(99).fill('delivered')])
  expect(eventRows()[0]?.times_seen).toBe(99)
})

test('a batch of 250 travels in three calls, in order', async () => {
  const runtime = createRuntime({
    connections: [
      {
        ...connection(development),
        subscriptions: [{ action: 'trackEvent', filter: 'type = "track"', batch: {} }],
      },
    ],
  })
  const events = Array.from({ length: 250 }, (_, index) => ({
    type: 'track',
    userId: `u${index}`,
    event: `E${index}`,
    messageId: `c${index}`,
  }))
  const outcomes = await runtime.send(events)
  await runtime.close()
  expect(outcomes.every((outcome) => outcome.kind === 'delivered')).toBe(true)
  expect(emulator.requestCount).toBe(3)
  expect([...emulator.environment().users.all.keys()]).toEqual(events.map((event) => event.userId))
})

test('testAuthentication says plainly what is wrong with a key', async () => {
  const test = (apiKey: string) =>
    new Destination(zendeskConnect).testAuthentication({ apiKey, endpoint: emulator.url } as never)
  await expect(test(development.privateKey)).resolves.toBeUndefined()
  await expect(test('f'.repeat(32))).rejects.toThrow('Zendesk Connect does not know this Private Key')
  await expect(test('pub-123')).rejects.toThrow('copy it from Settings > Environments')
})
