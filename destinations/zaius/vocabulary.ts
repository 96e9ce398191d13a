/**
 * The vendor's words: event types and actions, fields and identifiers of the Optimizely Data Platform, and which
 * event of the Segment Spec becomes which. Sources: the vendor's "Standard Events Definitions", its developer
 * documentation and SDKs, and the presets of Segment's successor of this destination.
 */

/** Where a semantic event goes. */
export type SemanticEvent = {
  /** Its name in the Segment Spec. */
  readonly event: string
  readonly partnerAction: 'productEvent' | 'orderEvent' | 'emailEvent' | 'trackEvent'
  readonly type: string
  readonly action: string
  /** Fields of ODP that take a property under another name: field, then the property. */
  readonly fields?: Readonly<Record<string, string>>
  /** Properties that are not passed on under their own name, since ODP means something else by it. */
  readonly without?: readonly string[]
}

type Row = Omit<SemanticEvent, 'event' | 'partnerAction' | 'type' | 'action'>

const row =
  (partnerAction: SemanticEvent['partnerAction'], type: string) =>
  (event: string, action: string, rest: Row = {}): SemanticEvent => ({
    event,
    partnerAction,
    type,
    action,
    ...rest,
  })

const product = row('productEvent', 'product')
const order = row('orderEvent', 'order')
const email = row('emailEvent', 'email')
const navigation = row('trackEvent', 'navigation')
const advertisement = row('trackEvent', 'advertisement')
const cart = row('trackEvent', 'cart')
const checkout = row('trackEvent', 'checkout')
const coupon = row('trackEvent', 'coupon')

/** `list_id` of ODP is a marketing list, that of the Spec a list of products. */
const productList: Row = { fields: { product_list_id: 'list_id' }, without: ['list_id'] }

/** Every event of the e-commerce Spec v2 and of the email Spec, in the Spec's order. */
export const semanticEvents: readonly SemanticEvent[] = [
  navigation('Products Searched', 'search', { fields: { search_term: 'query' } }),
  navigation('Product List Viewed', 'browse', productList),
  navigation('Product List Filtered', 'filter', {
    ...productList,
    fields: {
      ...productList.fields,
      filter_field: 'filters[0].type',
      filter_value: 'filters[0].value',
      sort_field: 'sorts[0].type',
      sort_direction: 'sorts[0].value',
    },
  }),
  advertisement('Promotion Viewed', 'impression'),
  advertisement('Promotion Clicked', 'click'),
  // A click leads to the product's page, whose own event counts as the detail view.
  product('Product Clicked', 'click'),
  product('Product Viewed', 'detail'),
  product('Product Added', 'add_to_cart'),
  product('Product Removed', 'remove_from_cart'),
  cart('Cart Viewed', 'view'),
  checkout('Checkout Started', 'start'),
  checkout('Checkout Step Viewed', 'step_viewed'),
  checkout('Checkout Step Completed', 'step_completed'),
  checkout('Payment Info Entered', 'payment_info'),
  // Of the type `order` it would count as one more sale.
  row('trackEvent', 'order_updated')('Order Updated', 'track'),
  order('Order Completed', 'purchase'),
  order('Order Refunded', 'refund'),
  order('Order Cancelled', 'cancel'),
  coupon('Coupon Entered', 'enter'),
  coupon('Coupon Applied', 'apply'),
  coupon('Coupon Denied', 'deny'),
  coupon('Coupon Removed', 'remove'),
  product('Product Added to Wishlist', 'add_to_wishlist'),
  product('Product Removed from Wishlist', 'remove_from_wishlist'),
  product('Wishlist Product Added to Cart', 'add_to_cart'),
  product('Product Shared', 'share'),
  cart('Cart Shared', 'share'),
  product('Product Reviewed', 'review'),
  email('Email Sent', 'sent'),
  email('Email Delivered', 'delivery'),
  email('Email Opened', 'open'),
  email('Email Link Clicked', 'click', { fields: { campaign: 'campaign_name', value: 'link_url' } }),
  email('Email Bounced', 'hard_bounce'),
  email('Email Marked as Spam', 'spam_report'),
  email('Unsubscribed', 'unsubscribe'),
]

/** What an order event says of the order; purchase adds to the customer's revenue, the others take away from it. */
export const orderActions = ['purchase', 'return', 'refund', 'cancel'] as const

/** Names under which Segment's traits are fields of ODP's customer. */
export const customerFieldOf: Readonly<Record<string, string>> = {
  firstName: 'first_name',
  lastName: 'last_name',
  avatar: 'image_url',
}

/** Members of the trait `address`, and the fields of ODP's customer. */
export const addressFieldOf: Readonly<Record<string, string>> = {
  street: 'street1',
  city: 'city',
  state: 'state',
  postalCode: 'zip',
  country: 'country',
}

/** Made by the platform alone; what is sent under this name is left out. */
export const platformId = 'zaius_id'
export const madeByPlatform = 'ODP makes it itself'

/** Identifiers that no trait sets, and why. */
export const reservedTraits: ReadonlyMap<string, string> = new Map([
  [platformId, madeByPlatform],
  [
    'vuid',
    'the web tag of ODP makes it; to send one, map it to the identifiers, or send it as integrations.Zaius.vuid',
  ],
])

/** Fields of an event that no property sets, and why. */
export const reservedFields: ReadonlyMap<string, string> = new Map([
  [platformId, madeByPlatform],
  ['ts', 'the time of an event is its timestamp'],
  ['idempotence_id', 'the message ID of the event is sent'],
])

/** Longest text of a field, in characters. */
export const maxTextLength = 1024

/** The list that stands for consent to any message. */
export const allLists = 'zaius_all'
