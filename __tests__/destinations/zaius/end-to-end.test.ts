import type { SegmentEvent } from 'waybill'
import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'
import { createSampleEvents } from 'waybill/testing'
import { outcomesOf, runtimes, type Send } from './senders'

let emulator: ZaiusEmulator
beforeEach(async () => {
  emulator = await startZaiusEmulator()
})
afterEach(() => emulator.close())

const at = (second: number): string => `2024-05-01T10:00:0${second}.000Z`
const visitor = { anonymousId: 'anon-1' }
const shoe = { product_id: 'p1', sku: 's1', price: 50, quantity: 2 }
const sock = { product_id: 'p2', sku: 's2', price: 5, quantity: 1 }

/** Browses and buys without an account, then says who they are. */
const journey: SegmentEvent[] = [
  {
    type: 'page',
    messageId: 'm1',
    timestamp: at(1),
    ...visitor,
    properties: { path: '/shoes', title: 'Shoes' },
  },
  { type: 'track', event: 'Product Viewed', messageId: 'm2', timestamp: at(2), ...visitor, properties: shoe },
  { type: 'track', event: 'Product Added', messageId: 'm3', timestamp: at(3), ...visitor, properties: shoe },
  {
    type: 'track',
    event: 'Order Completed',
    messageId: 'm4',
    timestamp: at(4),
    ...visitor,
    properties: { order_id: 'o1', total: 115, shipping: 10, products: [shoe, sock] },
  },
]
const identified: SegmentEvent = {
  type: 'identify',
  messageId: 'm5',
  timestamp: at(5),
  ...visitor,
  userId: 'u1',
  traits: { email: 'ada@example.com', firstName: 'Ada', birthday: '1990-12-10', loyalty_level: 'gold' },
}

const history = () => {
  const { account } = emulator
  return account
    .eventsOf(account.customers.find('segment_user_id', 'u1'))
    .map(({ type, action, fields }) => [type, action, fields.product_id].filter((part) => part !== undefined))
}
const wholeHistory = [
  ['pageview'],
  ['product', 'detail', 'p1'],
  ['product', 'add_to_cart', 'p1'],
  ['order', 'purchase', 'p1'],
  ['order', 'purchase', 'p2'],
]

describe.each(runtimes)('on %s', (_name, sender) => {
  let send: Send
  beforeEach(() => {
    send = sender(emulator)
  })

  test('what an anonymous visitor did becomes the history of the customer', async () => {
    expect(await send(journey)).toBe(4)
    expect(emulator.account.profile('segment_anonymous_id', 'anon-1')).not.toHaveProperty('email')
    expect(await send([identified])).toBe(1)
    expect(emulator.account.customers.all()).toHaveLength(1)
    expect(emulator.account.profile('email', 'ada@example.com')).toMatchObject({
      segment_anonymous_id: 'anon-1',
      segment_user_id: 'u1',
      email: 'ada@example.com',
      first_name: 'Ada',
      dob_year: 1990,
      dob_month: 12,
      dob_day: 10,
    })
    expect(history()).toEqual(wholeHistory)
  })

  test('an order has its lines, its amounts and, after a refund, what is left of it', async () => {
    await send(journey)
    expect(emulator.account.orders.find('o1')).toMatchObject({
      subtotal: 105,
      fields: { total: 115, shipping: 10 },
      status: 'open',
    })
    const refund = { order_id: 'o1', total: 5, products: [sock] }
    await send([
      {
        type: 'track',
        event: 'Order Refunded',
        messageId: 'm6',
        timestamp: at(6),
        ...visitor,
        properties: refund,
      },
    ])
    expect(emulator.account.orders.find('o1')).toMatchObject({ subtotal: 100, status: 'partly given back' })
    const lines = emulator.account.events().filter(({ type }) => type === 'order')
    expect(lines.map(({ action, fields }) => [action, fields.subtotal])).toEqual([
      ['purchase', 100],
      ['purchase', 5],
      ['refund', 5],
    ])
  })

  test('a person known on another device keeps one profile', async () => {
    await send([{ ...identified, messageId: 'm0', anonymousId: 'anon-0' }])
    await send(journey)
    expect(emulator.account.customers.all()).toHaveLength(2)
    await send([identified])
    expect(emulator.account.customers.all()).toHaveLength(1)
    expect(emulator.account.profile('segment_user_id', 'u1')).toMatchObject({
      zaius_id: 'zaius-1',
      segment_anonymous_ids: ['anon-0', 'anon-1'],
    })
    expect(history()).toEqual(wholeHistory)
  })

  test('an audience is a field that is true after joining and false after leaving', async () => {
    emulator.account.schema.addField('customers', 'big_spenders', 'boolean')
    const { audience, person } = createSampleEvents()
    const field = () => emulator.account.profile('segment_user_id', person.userId)?.big_spenders
    await send([audience({ key: 'big_spenders', entered: true, call: 'identify' })])
    expect(field()).toBe(true)
    await send([audience({ key: 'big_spenders', entered: false, call: 'identify' })])
    expect(field()).toBe(false)
  })

  test('the whole story: browse, buy, identify, join and leave an audience', async () => {
    emulator.account.schema.addField('customers', 'big_spenders', 'boolean')
    const member = (isMember: boolean, second: number): SegmentEvent => ({
      type: 'identify',
      messageId: `m${second}`,
      timestamp: at(second),
      userId: 'u1',
      traits: { big_spenders: isMember },
    })
    for (const event of [...journey, identified, member(true, 6), member(false, 7)]) await send([event])
    expect(emulator.account.customers.all()).toHaveLength(1)
    expect(emulator.account.profile('segment_anonymous_id', 'anon-1')).toEqual({
      zaius_id: 'zaius-1',
      segment_anonymous_id: 'anon-1',
      segment_anonymous_ids: ['anon-1'],
      segment_user_id: 'u1',
      segment_user_ids: ['u1'],
      email: 'ada@example.com',
      emails: ['ada@example.com'],
      first_name: 'Ada',
      dob_year: 1990,
      dob_month: 12,
      dob_day: 10,
      big_spenders: false,
    })
    const { account } = emulator
    const events = account.eventsOf(account.customers.find('email', 'ada@example.com'))
    expect(events.map(({ type, action, ts }) => [type, action, ts])).toEqual([
      ['pageview', undefined, at(1)],
      ['product', 'detail', at(2)],
      ['product', 'add_to_cart', at(3)],
      ['order', 'purchase', at(4)],
      ['order', 'purchase', at(4)],
    ])
    expect(events.map(({ fields }) => fields.idempotence_id)).toEqual(['m1', 'm2', 'm3', 'm4', 'm4'])
    const statuses = emulator.requests.map(({ status }) => status)
    expect(statuses).toEqual(Array(7).fill(202))
    expect(new Set(account.sideLog.map(({ kind, name }) => `${kind} ${name}`))).toEqual(
      new Set(
        ['path', 'sku', 'price', 'quantity', 'total', 'shipping', 'loyalty_level'].map(
          (name) => `unknown-field ${name}`,
        ),
      ),
    )
  })

  test('a trait for which the account has no field is dropped alone', async () => {
    await send([identified])
    expect(emulator.account.profile('email', 'ada@example.com')).not.toHaveProperty('loyalty_level')
    expect(emulator.account.sideLog).toContainEqual({
      kind: 'unknown-field',
      object: 'customers',
      name: 'loyalty_level',
    })
    emulator.account.schema.addField('customers', 'loyalty_level')
    await send([identified])
    expect(emulator.account.profile('email', 'ada@example.com')).toMatchObject({
      loyalty_level: 'gold',
      first_name: 'Ada',
    })
  })

  test('an account without the identifiers of Segment knows people by their email address alone', async () => {
    emulator.account.schema.removeIdentifier('segment_user_id')
    emulator.account.schema.removeIdentifier('segment_anonymous_id')
    await send([identified])
    expect(emulator.account.profile('email', 'ada@example.com')).toMatchObject({ first_name: 'Ada' })
    expect(emulator.account.profile('email', 'ada@example.com')).not.toHaveProperty('segment_user_id')
  })
})

test('everything at once, in batches that may overtake each other, comes to the same', async () => {
  const outcomes = await outcomesOf(emulator, [...journey, identified])
  expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(5)
  expect(emulator.account.customers.all()).toHaveLength(1)
  expect(history()).toEqual(wholeHistory)
})

test('people who share a device stay two: the cookie moves to the one who is there', async () => {
  const login = (userId: string, email: string): SegmentEvent => ({
    type: 'identify',
    ...visitor,
    userId,
    traits: { email },
  })
  await outcomesOf(emulator, [login('u1', 'a@example.com')])
  await outcomesOf(emulator, [login('u2', 'b@example.com')])
  expect(emulator.account.customers.all()).toHaveLength(2)
  expect(emulator.account.profile('segment_anonymous_id', 'anon-1')).toMatchObject({ email: 'b@example.com' })
  expect(emulator.account.profile('email', 'a@example.com')).not.toHaveProperty('segment_anonymous_id')
})
