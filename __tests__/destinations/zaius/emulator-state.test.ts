import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'

let emulator: ZaiusEmulator
beforeEach(async () => {
  emulator = await startZaiusEmulator()
})
afterEach(() => emulator.close())

async function post(path: string, body: unknown) {
  const response = await fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': emulator.privateKey },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.text() }
}
const view = async (name: string) => (await fetch(`${emulator.url}/__emulator/${name}`)).json()
const profile = (attributes: object) => post('/v3/profiles', [{ attributes: { email: 'a', ...attributes } }])
const event = (type: string, action: string, data: object = {}) =>
  post('/v3/events', [{ type, action, identifiers: { email: 'a' }, data }])

test('12: fields that the account has not are dropped and logged, until they are made', async () => {
  await profile({ city: 'Aachen', tier: 'gold' })
  await event('seen', 'x', { value: 1, color: 'red' })
  expect(emulator.account.profile('email', 'a')).toMatchObject({ city: 'Aachen' })
  expect(emulator.account.profile('email', 'a')).not.toHaveProperty('tier')
  expect(emulator.account.events()[0]?.fields).toEqual({ value: 1 })
  expect(await view('side-log')).toEqual([
    { kind: 'unknown-field', object: 'customers', name: 'tier' },
    { kind: 'unknown-field', object: 'events', name: 'color' },
  ])
  await post('/v3/schema/objects/customers/fields', { name: 'tier', type: 'string' })
  await fetch(`${emulator.url}/__emulator/fields`, {
    method: 'POST',
    body: JSON.stringify({ object: 'events', name: 'color' }),
  })
  await profile({ tier: 'gold' })
  await event('seen', 'x', { color: 'red' })
  expect(emulator.account.profile('email', 'a')).toMatchObject({ tier: 'gold' })
  expect(emulator.account.events()[1]?.fields).toEqual({ color: 'red' })
})

test('12: an identifier that the account has not is dropped and logged', async () => {
  await post('/v3/events', [{ type: 'seen', identifiers: { email: 'a', shop_id: '1' } }])
  await post('/v3/events', [{ type: 'seen', identifiers: { shop_id: '1' } }])
  expect(emulator.account.events()).toHaveLength(1)
  expect(emulator.account.sideLog.map(({ kind }) => kind)).toEqual([
    'unknown-identifier',
    'unknown-identifier',
    'no-customer',
  ])
  expect((await post('/v3/schema/identifiers', { name: 'shop_id', merge_confidence: 'high' })).status).toBe(
    201,
  )
  await post('/v3/events', [{ type: 'seen', identifiers: { shop_id: '1' } }])
  expect(emulator.account.profile('shop_id', '1')).toMatchObject({ shop_ids: ['1'] })
})

test('13: the last write of a field wins, and null clears it', async () => {
  await profile({ city: 'Aachen', state: 'NW' })
  await profile({ city: 'Bonn', state: null })
  const attributes = emulator.account.profile('email', 'a')
  expect(attributes).toMatchObject({ city: 'Bonn' })
  expect(attributes).not.toHaveProperty('state')
})

test('14: events stay as they are, and follow their customer into a merge', async () => {
  await post('/v3/events', [{ type: 'seen', identifiers: { segment_anonymous_id: 'x' }, data: { value: 1 } }])
  await profile({})
  const [stored] = emulator.account.events()
  expect(() => Object.assign(stored?.fields as object, { value: 2 })).toThrow(TypeError)
  const before = stored?.zaiusId
  await profile({ segment_anonymous_id: 'x' })
  const known = emulator.account.profile('email', 'a')?.zaius_id
  expect(known).not.toBe(before)
  expect(emulator.account.events()).toEqual([{ ...stored, zaiusId: known }])
})

test.each([
  ['seen', 'x', {}, true],
  ['email', 'open', {}, true],
  ['email', 'delivery', {}, false],
  ['email', 'delivery', { active_event: true }, true],
  ['list', 'subscribe', {}, false],
  ['seen', 'x', { active_event: false }, false],
])('14: whether %s %s with %j counts as activity', async (type, action, data, isActive) => {
  await event(type, action, data)
  expect(emulator.account.events()[0]?.activeEvent).toBe(isActive)
})

const items = [
  { product_id: 'p1', price: 10, discount: 1, quantity: 2 },
  { product_id: 'p2', price: 5, quantity: 1 },
]
const order = (action: string, more: object) => event('order', action, { order: { order_id: 'o1', ...more } })
const kept = () => emulator.account.orders.find('o1')

test('14: an order becomes one event for each line, and one record with a running subtotal', async () => {
  await order('purchase', { total: 30, items })
  expect(
    emulator.account.events().map(({ fields }) => [fields.order_id, fields.product_id, fields.subtotal]),
  ).toEqual([
    ['o1', 'p1', 18],
    ['o1', 'p2', 5],
  ])
  expect(kept()).toMatchObject({ subtotal: 23, status: 'open', fields: { total: 30 } })
  await order('refund', { subtotal: -5 })
  expect(kept()).toMatchObject({ subtotal: 18, status: 'partly given back' })
  await order('return', { subtotal: 18 })
  expect(kept()).toMatchObject({
    subtotal: 0,
    status: 'given back',
    actions: ['purchase', 'refund', 'return'],
  })
})

test('14: an order that comes twice counts twice', async () => {
  await order('purchase', { subtotal: 10 })
  await order('purchase', { subtotal: 10 })
  expect(kept()?.subtotal).toBe(20)
})

test('4: a change of the order object makes no event', async () => {
  await order('purchase', { subtotal: 10 })
  await post('/v3/objects/orders', [{ order_id: 'o1', subtotal: 8, status: 'shipped' }])
  expect(kept()).toMatchObject({ subtotal: 8, fields: { status: 'shipped' } })
  expect(emulator.account.events()).toHaveLength(1)
  expect((await post('/v3/objects/orders', [{ status: 'shipped' }])).body).toContain(
    'Missing required field `order_id`',
  )
  expect((await post('/v3/objects/unknown', [{}])).status).toBe(404)
})

test('15: long texts and repeated idempotence ids are kept and flagged', async () => {
  const text = 'x'.repeat(1025)
  await event('seen', 'x', { title: text, idempotence_id: 'i1' })
  await event('seen', 'x', { idempotence_id: 'i1' })
  expect(emulator.account.events().map(({ fields }) => fields.title)).toEqual([text, undefined])
  expect(emulator.account.sideLog).toEqual([
    { kind: 'long-text', object: 'events', name: 'title' },
    { kind: 'repeated-idempotence-id', object: 'events', name: 'i1' },
  ])
})

test('16: lists, consent and reachability are kept, and make events of their own', async () => {
  expect((await post('/v3/lists', { name: 'New Customers' })).body).toContain('"list_id":"new_customers"')
  expect((await post('/v3/lists', { name: 'New customers' })).status).toBe(400)
  await post('/v3/lists/subscriptions', [{ list_id: 'new_customers', email: 'a', subscribed: true }])
  await post('/v3/lists/subscriptions', { email: 'a', opted_in: false })
  await post('/v3/consent', [{ identifier_field_name: 'email', identifier_value: 'a', consent: false }])
  await post('/v3/reachability', [
    {
      identifier_field_name: 'email',
      identifier_value: 'a',
      reachable: false,
      reachable_update_type: 'hard_bounce',
    },
  ])
  expect(emulator.account.events().map(({ type, action, fields }) => [type, action, fields.list_id])).toEqual(
    [
      ['list', 'subscribe', 'new_customers'],
      ['list', 'unsubscribe', 'zaius_all'],
      ['consent', 'opt-out', undefined],
      ['reachability', 'hard_bounce', undefined],
    ],
  )
  expect(emulator.account.standing.find('email', 'a')).toMatchObject({ consent: false, reachable: false })
  const answer = await fetch(`${emulator.url}/v3/lists/subscriptions?email=a`, {
    headers: { 'x-api-key': emulator.publicKey },
  })
  expect(await answer.json()).toMatchObject({
    customer: { email: 'a' },
    opted_in: false,
    subscriptions: [{ list_id: 'new_customers', subscribed: true }],
  })
})

test('16: an address that cannot be reached needs a reason that ODP knows', async () => {
  const wrong = { identifier_field_name: 'email', identifier_value: 'a', reachable: false }
  expect((await post('/v3/reachability', [wrong])).status).toBe(400)
  expect((await post('/v3/reachability', [{ ...wrong, reachable_update_type: 'hardbounce' }])).status).toBe(
    400,
  )
  expect((await post('/v3/reachability', [{ ...wrong, reachable: true }])).status).toBe(202)
})

test('the state can be looked at over HTTP too', async () => {
  await order('purchase', { subtotal: 10 })
  expect(await view('customers')).toEqual([{ zaius_id: 'zaius-1', email: 'a', emails: ['a'] }])
  expect(await view('events')).toMatchObject([{ type: 'order', zaiusId: 'zaius-1' }])
  expect(await view('orders')).toMatchObject([{ order_id: 'o1', subtotal: 10 }])
})
