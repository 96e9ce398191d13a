import type { SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { deliver, deliverAny, type Expected, event } from './requests'

const track = (name: string, properties: object): SegmentEvent => ({
  type: 'track',
  event: name,
  properties: { ...properties },
})
const item = { product_id: 'p1', sku: 's1', price: 10, quantity: 2 }
const mail = { campaign_id: 'c1', campaign_name: 'Spring' }
const recipient = { traits: { email: 'a@example.com' } }
const mailed = (action: string, more: object = {}): Expected => ({
  type: 'email',
  action,
  identifiers: { email: 'a@example.com' },
  data: { target_address: 'a@example.com', campaign: 'Spring', ...mail, ...more },
})
const opened = (data: object): Expected => ({
  ...mailed('open'),
  data: { target_address: 'a@example.com', ...data },
})
const passed = (type: string, action: string, data: object): Expected => ({ type, action, data })
const ordered = (action: string, flat: object, order: object): Expected => ({
  type: 'order',
  action,
  data: { ...flat, order },
})
const amounts = {
  order_id: 'o1',
  total: 27.5,
  revenue: 20,
  tax: 4,
  shipping: 5,
  discount: 1.5,
  currency: 'EUR',
}
const lines = [{ product_id: 'p1', sku: 's1', price: 10, quantity: 2 }]
const cart = { cart_id: 'k1' }
const promotion = { promotion_id: 'x1', creative: 'a', name: 'b', position: 'top' }
const step = { checkout_id: 'h1', step: 2, shipping_method: 'Standard', payment_method: 'Visa' }
const couponed = { coupon_id: 'n1', coupon_name: 'Spring', discount: 5, cart_id: 'k1', order_id: 'o1' }
const wish = { product_id: 'p1', wishlist_id: 'w1' }
const shared = { share_via: 'email', recipient: 'b@example.com' }

/** Event, its properties, what is expected. */
const trackRows: [string, Record<string, unknown>, Expected][] = [
  [
    'Product Viewed',
    { ...item, category: 'Shoes', value: 20 },
    passed('product', 'detail', { ...item, category: 'Shoes', value: 20 }),
  ],
  ['Product Added', { ...item, ...cart }, passed('product', 'add_to_cart', { ...item, ...cart })],
  ['Product Removed', { ...item, ...cart }, passed('product', 'remove_from_cart', { ...item, ...cart })],
  [
    'Order Completed',
    { ...amounts, coupon: 'SPRING', products: [item] },
    ordered(
      'purchase',
      { ...amounts, coupon: 'SPRING' },
      {
        order_id: 'o1',
        total: 27.5,
        subtotal: 20,
        tax: 4,
        shipping: 5,
        discount: 1.5,
        coupon_code: 'SPRING',
        items: lines,
      },
    ),
  ],
  [
    'Order Refunded',
    { order_id: 'o1', total: 10, products: [item] },
    ordered(
      'refund',
      { order_id: 'o1', total: 10 },
      { order_id: 'o1', total: 10, subtotal: 20, items: lines },
    ),
  ],
  [
    'Order Cancelled',
    { order_id: 'o1', total: 10, subtotal: 9 },
    ordered('cancel', { order_id: 'o1', total: 10, subtotal: 9 }, { order_id: 'o1', total: 10, subtotal: 9 }),
  ],
  [
    'Order Updated',
    { order_id: 'o1', total: 10, products: [item] },
    passed('order_updated', 'track', { order_id: 'o1', total: 10 }),
  ],
  [
    'Products Searched',
    { query: 'boots' },
    passed('navigation', 'search', { query: 'boots', search_term: 'boots' }),
  ],
  [
    'Product List Viewed',
    { list_id: 'l1', category: 'Shoes', products: [item] },
    passed('navigation', 'browse', { category: 'Shoes', product_list_id: 'l1' }),
  ],
  [
    'Product List Filtered',
    {
      list_id: 'l1',
      category: 'Shoes',
      filters: [
        { type: 'size', value: '42' },
        { type: 'color', value: 'red' },
      ],
      sorts: [{ type: 'price', value: 'desc' }],
    },
    passed('navigation', 'filter', {
      category: 'Shoes',
      product_list_id: 'l1',
      filter_field: 'size',
      filter_value: '42',
      sort_field: 'price',
      sort_direction: 'desc',
    }),
  ],
  ['Promotion Viewed', promotion, passed('advertisement', 'impression', promotion)],
  ['Promotion Clicked', promotion, passed('advertisement', 'click', promotion)],
  [
    'Product Clicked',
    { product_id: 'p1', position: 3 },
    passed('product', 'click', { product_id: 'p1', position: 3 }),
  ],
  ['Cart Viewed', { ...cart, products: [item] }, passed('cart', 'view', cart)],
  [
    'Checkout Started',
    { order_id: 'o1', value: 20, currency: 'EUR' },
    passed('checkout', 'start', { order_id: 'o1', value: 20, currency: 'EUR' }),
  ],
  ['Checkout Step Viewed', step, passed('checkout', 'step_viewed', step)],
  ['Checkout Step Completed', step, passed('checkout', 'step_completed', step)],
  [
    'Payment Info Entered',
    { ...step, order_id: 'o1' },
    passed('checkout', 'payment_info', { ...step, order_id: 'o1' }),
  ],
  ['Coupon Entered', couponed, passed('coupon', 'enter', couponed)],
  ['Coupon Applied', couponed, passed('coupon', 'apply', couponed)],
  [
    'Coupon Denied',
    { ...couponed, reason: 'expired' },
    passed('coupon', 'deny', { ...couponed, reason: 'expired' }),
  ],
  ['Coupon Removed', couponed, passed('coupon', 'remove', couponed)],
  ['Product Added to Wishlist', wish, passed('product', 'add_to_wishlist', wish)],
  ['Product Removed from Wishlist', wish, passed('product', 'remove_from_wishlist', wish)],
  [
    'Wishlist Product Added to Cart',
    { ...wish, ...cart },
    passed('product', 'add_to_cart', { ...wish, ...cart }),
  ],
  [
    'Product Shared',
    { product_id: 'p1', ...shared },
    passed('product', 'share', { product_id: 'p1', ...shared }),
  ],
  ['Cart Shared', { ...cart, ...shared }, passed('cart', 'share', { ...cart, ...shared })],
  [
    'Product Reviewed',
    { product_id: 'p1', review_id: 'r1', rating: '5' },
    passed('product', 'review', { product_id: 'p1', review_id: 'r1', rating: '5' }),
  ],
  ['Email Opened', mail, mailed('open')],
  [
    'Email Link Clicked',
    { ...mail, link_url: 'https://a.example' },
    mailed('click', { link_url: 'https://a.example', value: 'https://a.example' }),
  ],
  ['Email Marked as Spam', mail, mailed('spam_report')],
  ['Unsubscribed', { ...mail, list_id: '7' }, mailed('unsubscribe', { list_id: '7' })],
  ['Email Delivered', mail, mailed('delivery')],
  ['Email Bounced', mail, mailed('hard_bounce')],
  ['Email Bounced', { ...mail, bounce_type: 'Soft' }, mailed('soft_bounce', { bounce_type: 'Soft' })],
  ['Email Bounced', { ...mail, bounce_type: { soft: true } }, mailed('hard_bounce')],
  [
    'Email Opened',
    { type: ['x'], campaign_name: {}, campaign: 'c', campaign_id: 7 },
    opened({ campaign: 'c', campaign_id: 7 }),
  ],
  ['Email Sent', mail, mailed('sent')],
  ['Trial Started', { plan: 'pro' }, passed('trial_started', 'track', { plan: 'pro' })],
  [
    'Audience Entered',
    { audience_key: 'big', big: true },
    passed('audience_entered', 'track', { audience_key: 'big', big: true }),
  ],
  [
    'Audience Exited',
    { audience_key: 'big', big: false },
    passed('audience_exited', 'track', { audience_key: 'big', big: false }),
  ],
  [
    'Trait Computed',
    { trait_key: 'spent', spent: 450 },
    passed('trait_computed', 'track', { trait_key: 'spent', spent: 450 }),
  ],
]

test.each(trackRows)('track %s', async (name, properties, expected) => {
  const context = /^Email|^Unsub/.test(name) ? recipient : {}
  expect(await deliver({ type: 'track', event: name, properties, context })).toEqual([event(expected)])
})

const refusals: [string, SegmentEvent, RegExp][] = [
  ['a product without an id or a SKU', track('Product Viewed', { name: 'Shoe' }), /product_id|Product ID/],
  ['an order without an id', track('Order Completed', { total: 5 }), /order_id|Order ID/],
  ['an email without a recipient', track('Email Opened', mail), /target_address|Recipient/],
  ['nobody', { ...track('Seen', {}), userId: '', anonymousId: null }, /who it was/],
  ['a custom event of the name of a product', track('Product', {}), /only with a product_id/],
  ['a custom event of the name of an order', track('order', { order: 'o1' }), /only with an order/],
]
test.each(refusals)('%s is refused before anything is sent', async (_name, given, reason) => {
  const { requests, outcomes, errors } = await deliverAny(given)
  expect(requests).toEqual([])
  const [outcome] = outcomes.filter(({ kind }) => kind !== 'skipped')
  expect(outcome).toMatchObject({ kind: 'invalid', message: expect.stringMatching(reason) })
  expect(errors).toHaveLength(1)
})

test('every semantic event of the vocabulary has a row', () => {
  const rows = new Set(trackRows.map(([name]) => name))
  const names = (zaius.presets ?? []).flatMap((preset) => {
    const filter = preset.type === 'automatic' ? preset.subscribe : ''
    return /and event = "(.+)"$/.exec(filter)?.[1] ?? []
  })
  expect(names).toHaveLength(35)
  expect(names.filter((name) => !rows.has(name))).toEqual([])
})
