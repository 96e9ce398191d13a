import type { SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { defaultMapping } from '../../support/default-mapping'
import { deliver, event } from './requests'

/** The vendor's standard events: what a mapping asks for is what is sent, whatever the call was named. */
const standardEvents: readonly [type: string, actions: string, properties: object][] = [
  ['product', 'detail add_to_cart remove_from_cart listing add_to_wishlist remove_from_wishlist', {}],
  ['order', 'purchase return refund cancel', { order_id: 'o1', total: 5 }],
  ['navigation', 'search sort filter browse', { category: 'Shoes' }],
  ['account', 'login logout register update', {}],
  ['customer', 'login logout register', {}],
  ['list', 'subscribe unsubscribe', { list_id: 'news' }],
  ['advertisement', 'impression click', {}],
  ['email', 'sent open click abort soft_bounce hard_bounce spam_report unsubscribe', { campaign_id: 'c1' }],
  ['email', 'delivery delivery_unknown engage disengage list_unsubscribe opt-out', {}],
  ['loyalty', 'points_added points_removed tier_earned', { points: 5 }],
  ['fullstack', 'identified', {}],
]
const rows = standardEvents.flatMap(([type, actions, properties]) =>
  actions.split(' ').map((action) => [type, action, properties] as const),
)

const actionFor: Readonly<Record<string, keyof typeof zaius.actions>> = {
  product: 'productEvent',
  order: 'orderEvent',
  email: 'emailEvent',
}
/** What each action adds to the properties. */
const own: Readonly<Record<string, object>> = {
  product: { product_id: 'p1' },
  order: { order: { order_id: 'o1', total: 5 } },
  email: { target_address: 'a@example.com' },
}

test.each(rows)('%s / %s can be sent by a mapping', async (type, action, properties) => {
  const partnerAction = actionFor[type] ?? 'trackEvent'
  const given: SegmentEvent = {
    type: 'track',
    event: 'Anything',
    properties: { ...properties, product_id: 'p1' },
    context: { traits: { email: 'a@example.com' } },
  }
  const mapping = {
    ...defaultMapping(zaius.actions[partnerAction]),
    ...(partnerAction === 'trackEvent' ? { type } : {}),
    action,
  }
  const requests = await deliver(given, {}, [{ action: partnerAction, filter: 'type = "track"', mapping }])
  expect(requests).toEqual([
    event({
      type,
      action,
      identifiers: { email: 'a@example.com' },
      data: { ...properties, product_id: 'p1', ...own[type] },
    }),
  ])
})
