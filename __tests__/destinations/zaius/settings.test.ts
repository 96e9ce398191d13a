import { createRuntime, type SegmentEvent, type SubscriptionConfiguration } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { deliverWithBoth } from '../../support/both-runtimes'

const timestamp = '2024-05-01T10:00:00.000Z'
const event = (more: SegmentEvent): SegmentEvent => ({ messageId: 'm', userId: 'u', timestamp, ...more })

/** The one object that both runtimes send. */
async function sent(given: SegmentEvent, settings: object, subscriptions?: SubscriptionConfiguration[]) {
  const { requests, outcomes } = await deliverWithBoth({
    destination: zaius,
    settings: (endpoint) => ({ apiKey: 'k', endpoint, ...settings }),
    events: [event(given)],
    answer: () => ({ status: 202, body: {} }),
    ...(subscriptions === undefined ? {} : { subscriptions }),
  })
  const [request] = requests
  const items = (request?.body ?? []) as Record<string, unknown>[]
  return {
    path: request?.path,
    items,
    item: items[0] ?? {},
    outcomes: outcomes.filter(({ kind }) => kind !== 'skipped'),
  }
}
const track = (name: string, properties: object = {}): SegmentEvent => ({
  type: 'track',
  event: name,
  properties: { ...properties },
  context: { traits: { email: 'a@example.com' } },
})

/** The addresses that a runtime asks for. */
async function addressOf(settings: Record<string, unknown>): Promise<string[]> {
  const urls: string[] = []
  const runtime = createRuntime({
    fetch: async (url) => {
      urls.push(String(url instanceof Request ? url.url : url))
      return Response.json({ title: 'Accepted' }, { status: 202 })
    },
    connections: [{ destination: zaius, settings, subscriptions: 'presets' }],
  })
  await runtime.send([event({ type: 'page' })])
  await runtime.close()
  return urls
}

test.each([
  [{ apiKey: 'k' }, 'https://api.zaius.com/v3/events'],
  [{ apiKey: 'k-eu1' }, 'https://api.eu1.odp.optimizely.com/v3/events'],
  [{ apiKey: 'k-au1.secret-eu1' }, 'https://api.au1.odp.optimizely.com/v3/events'],
  [{ apiKey: 'k', region: 'apac' }, 'https://api.au1.odp.optimizely.com/v3/events'],
  [{ apiKey: 'k-eu1', endpoint: 'https://proxy.example/odp/' }, 'https://proxy.example/odp/v3/events'],
  [
    { apiKey: 'k', endpoint: 'https://api.us1.odp.optimizely.com/v3' },
    'https://api.us1.odp.optimizely.com/v3/events',
  ],
])('%j leads to %s', async (settings, url) => {
  expect(await addressOf(settings)).toEqual([url])
})

test('the spelling of spam reports and hard bounces is that of the account', async () => {
  expect((await sent(track('Email Marked as Spam'), {})).item.action).toBe('spam_report')
  expect((await sent(track('Email Marked as Spam'), { spamReportAction: 'spamreport' })).item.action).toBe(
    'spamreport',
  )
  expect((await sent(track('Email Bounced'), { hardBounceAction: 'bounce' })).item.action).toBe('bounce')
  const soft = track('Email Bounced', { bounce_type: 'soft' })
  expect((await sent(soft, { hardBounceAction: 'bounce' })).item.action).toBe('soft_bounce')
})

test('names of custom events stay as they are where the settings say so', async () => {
  expect((await sent(track('Trial Started'), {})).item.type).toBe('trial_started')
  expect((await sent(track('Trial Started'), { customEventNames: 'unchanged' })).item.type).toBe(
    'Trial Started',
  )
  expect(
    (await sent(track('Products Searched', { query: 'a' }), { customEventNames: 'unchanged' })).item.type,
  ).toBe('navigation')
})

test('the phone number identifies only where the settings say so', async () => {
  const given = track('Seen', { phone: '+1 555 210 8050' })
  expect((await sent(given, {})).item.identifiers).not.toHaveProperty('phone')
  expect((await sent(given, { identifyByPhone: true })).item.identifiers).toHaveProperty(
    'phone',
    '+15552108050',
  )
})

test('null clears a field of the customer only where the settings say so, and never an identifier', async () => {
  const traits = {
    plan: null,
    firstName: ' ',
    birthday: null,
    address: { city: null },
    email: null,
    phone: '',
  }
  const identify = { type: 'identify', traits }
  expect((await sent(identify, {})).item.attributes).toEqual({ segment_user_id: 'u' })
  expect((await sent(identify, { clearWithNull: true })).item.attributes).toEqual({
    segment_user_id: 'u',
    plan: null,
    first_name: null,
    dob_year: null,
    dob_month: null,
    dob_day: null,
    city: null,
  })
})

test('long texts are cut to 1,024 characters only where the settings say so', async () => {
  const long = '😀'.repeat(1100)
  const length = ({ item }: { item: Record<string, unknown> }) =>
    [...(item.data as { text: string }).text].length
  expect(length(await sent(track('Seen', { text: long }), {}))).toBe(1100)
  expect(length(await sent(track('Seen', { text: long }), { truncateText: true }))).toBe(1024)
  const { item } = await sent({ type: 'identify', traits: { bio: long } }, { truncateText: true })
  expect([...(item.attributes as { bio: string }).bio]).toHaveLength(1024)
})

const only = (action: string, mapping?: Record<string, unknown>): SubscriptionConfiguration[] => [
  { action, filter: 'type = "track"', ...(mapping ? { mapping } : {}) },
]

test('an optional action takes an address off a list', async () => {
  const { path, item } = await sent(track('Unsubscribed', { list_id: 'news' }), {}, only('listSubscription'))
  expect([path, item]).toEqual([
    '/v3/lists/subscriptions',
    { list_id: 'news', email: 'a@example.com', subscribed: false },
  ])
  const { item: all } = await sent(track('Unsubscribed'), {}, only('listSubscription'))
  expect(all).toEqual({ list_id: 'zaius_all', email: 'a@example.com', subscribed: false })
})

test('an optional action says that an address cannot be reached', async () => {
  const { path, item } = await sent(track('Email Bounced'), {}, only('reachability'))
  expect([path, item]).toEqual([
    '/v3/reachability',
    {
      identifier_field_name: 'email',
      identifier_value: 'a@example.com',
      reachable: false,
      reachable_update_type: 'hard_bounce',
      reachable_update_ts: 1714557600,
    },
  ])
})

test('an optional action changes the summary of an order', async () => {
  const given = track('Order Updated', { order_id: 'o1', total: 5, products: [{ sku: 's', price: 4 }] })
  const { path, item } = await sent(given, {}, only('orderSummary'))
  expect([path, item]).toEqual(['/v3/objects/orders', { order_id: 'o1', total: 5, subtotal: 4 }])
})

test('an optional action sends a listing for each product of a list', async () => {
  const products = [{ product_id: 'p1', position: 1 }, { sku: 's2', position: 2 }, { name: 'nameless' }]
  const { path, items } = await sent(
    track('Product List Viewed', { list_id: 'l', products }),
    {},
    only('productListings'),
  )
  const identifiers = { segment_user_id: 'u', email: 'a@example.com' }
  const listing = (index: number, product: object) => ({
    type: 'product',
    action: 'listing',
    identifiers,
    data: { product_list_id: 'l', ts: timestamp, idempotence_id: `m:${index}`, ...product },
  })
  expect(path).toBe('/v3/events')
  expect(items).toEqual([
    listing(0, { product_id: 'p1', position: 1 }),
    listing(1, { product_id: 's2', position: 2 }),
  ])
  const { outcomes } = await sent(
    track('Product List Viewed', { products: [{ name: 'x' }] }),
    {},
    only('productListings'),
  )
  expect(outcomes.map(({ kind }) => kind)).toEqual([])
})
