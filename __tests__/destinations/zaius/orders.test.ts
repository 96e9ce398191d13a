import type { SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'
import { defaultMapping } from '../../support/default-mapping'
import { deliver } from './requests'
import { outcomesOf } from './senders'

const orderOf = async (event: string, properties: object, settings: object = {}, more: object = {}) => {
  const requests = await deliver(
    { type: 'track', event, properties: properties as never },
    settings as never,
    Object.keys(more).length === 0
      ? undefined
      : [
          {
            action: 'orderEvent',
            filter: 'type = "track"',
            mapping: { ...defaultMapping(zaius.actions.orderEvent), ...more } as never,
          },
        ],
  )
  const [sent] = requests.flatMap(({ body }) => body as { data: { order: object } }[])
  return sent?.data.order
}
const amounts = { order_id: 'o', total: 10, subtotal: 8, tax: 1, shipping: 1 }

test('a purchase has tax and shipping', async () => {
  expect(await orderOf('Order Completed', amounts)).toEqual(amounts)
})

test.each(['Order Refunded', 'Order Cancelled'])(
  '%s leaves out tax and shipping, which would overwrite what remains',
  async (event) => {
    expect(await orderOf(event, amounts)).toEqual({ order_id: 'o', total: 10, subtotal: 8 })
  },
)

test('tax and shipping that remain can be mapped on purpose', async () => {
  const mapping = { action: 'refund', tax: { '@path': '$.properties.tax' }, shipping: 3 }
  expect(await orderOf('Order Refunded', amounts, {}, mapping)).toEqual({ ...amounts, shipping: 3 })
})

test('revenue without a total computes it: plus tax and shipping, minus discount', async () => {
  const properties = { order_id: 'o', revenue: 25, shipping: 3, tax: 2, discount: 2.5 }
  expect(await orderOf('Order Completed', properties)).toEqual({
    order_id: 'o',
    total: 27.5,
    subtotal: 25,
    shipping: 3,
    tax: 2,
    discount: 2.5,
  })
  expect(await orderOf('Order Refunded', { order_id: 'o', revenue: 10, tax: 1 })).toEqual({
    order_id: 'o',
    total: 10,
    subtotal: 10,
  })
  expect(await orderOf('Order Completed', { order_id: 'o', total: 0, revenue: 5 })).toEqual({
    order_id: 'o',
    total: 0,
    subtotal: 5,
  })
})

describe('at the vendor', () => {
  let emulator: ZaiusEmulator
  beforeEach(async () => {
    emulator = await startZaiusEmulator()
  })
  afterEach(() => emulator.close())

  const track = (event: string, properties: object): SegmentEvent => ({
    type: 'track',
    event,
    userId: 'u',
    messageId: `${event}-${JSON.stringify(properties)}`,
    timestamp: '2024-05-01T10:00:00Z',
    properties: properties as never,
  })

  test('total and subtotal are what is left, tax and shipping stay', async () => {
    await outcomesOf(emulator, [
      track('Order Completed', { order_id: 'o', total: 30, subtotal: 24, tax: 4, shipping: 2 }),
    ])
    await outcomesOf(emulator, [
      track('Order Refunded', { order_id: 'o', total: 10, subtotal: 8, tax: 1, shipping: 1 }),
    ])
    expect(emulator.account.orders.find('o')).toMatchObject({
      total: 20,
      subtotal: 16,
      status: 'partly given back',
      fields: { tax: 4, shipping: 2 },
    })
  })

  test('products go to the catalog before the order that has them, where the settings say so', async () => {
    const products = [
      { product_id: 'p1', name: 'Cap', brand: 'Hats', price: 9, quantity: 2 },
      { sku: 's2', name: 'Scarf' },
    ]
    const order = track('Order Completed', { order_id: 'o', products })
    await outcomesOf(emulator, [order], { upsertProducts: true })
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/v3/objects/products', '/v3/events'])
    expect([...emulator.account.products.values()]).toEqual([
      { product_id: 'p1', name: 'Cap', brand: 'Hats', price: 9 },
      { product_id: 's2', sku: 's2', name: 'Scarf' },
    ])
  })
})
