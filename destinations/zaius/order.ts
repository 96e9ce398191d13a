import isUndefined from 'lodash/isUndefined'
import omitBy from 'lodash/omitBy'
import { arrayPath, defineFields, type FieldsOf, firstOf, liquid, path } from 'waybill'
import type { Dropped } from './values'

const amount = (label: string, description: string) => ({ label, description, type: 'number' }) as const

/**
 * ODP subtracts total and subtotal of a return, refund or cancellation, but takes tax and shipping as what is left of
 * them. The properties of such an event say what was given back, so they are not what ODP wants.
 */
const overwrites =
  'Of an event about a return, a refund or a cancellation it is left out, for ODP would take it as what remains; map what remains on purpose.'
const unlessGivenBack = (property: string) =>
  liquid(
    `{% unless event contains "Refund" or event contains "Return" or event contains "Cancel" %}{{ properties.${property} }}{% endunless %}`,
  )

/** The order itself, for events about it and for its summary. */
export const orderFields = defineFields({
  order_id: {
    label: 'Order ID',
    description: 'ODP takes no order without one.',
    type: 'string',
    required: true,
    default: path('$.properties.order_id'),
  },
  total: {
    ...amount(
      'Total',
      'What the customer pays in the end, with tax, shipping and discounts; for a refund, what they get back. Without it, it is computed of the revenue.',
    ),
    default: firstOf('$.properties.total', '$.properties.value'),
  },
  subtotal: {
    ...amount('Subtotal', 'What the products cost. Without it, the revenue, else the sum of the lines.'),
    default: path('$.properties.subtotal'),
  },
  revenue: {
    ...amount(
      'Revenue',
      'Takes the place of a missing subtotal, and with tax, shipping and discount of a missing total.',
    ),
    default: path('$.properties.revenue'),
  },
  tax: { ...amount('Tax', `Tax of the order. ${overwrites}`), default: unlessGivenBack('tax') },
  shipping: {
    ...amount('Shipping', `Cost of shipping. ${overwrites}`),
    default: unlessGivenBack('shipping'),
  },
  discount: { ...amount('Discount', 'Discount of the order.'), default: path('$.properties.discount') },
  coupon_code: {
    label: 'Coupon code',
    description: 'Code of the coupon that was used.',
    type: 'string',
    default: path('$.properties.coupon'),
  },
  items: {
    label: 'Items',
    description: 'The lines of the order. Lines with neither a product ID nor a SKU are left out.',
    type: 'object',
    multiple: true,
    properties: {
      product_id: { label: 'Product ID', type: 'string' },
      sku: { label: 'SKU', type: 'string' },
      price: { label: 'Price', type: 'number' },
      quantity: { label: 'Quantity', type: 'number' },
      discount: { label: 'Discount', type: 'number' },
      subtotal: { label: 'Subtotal', type: 'number' },
    },
    default: arrayPath('$.properties.products', {
      product_id: firstOf('$.product_id', '$.sku'),
      sku: path('$.sku'),
      price: path('$.price'),
      quantity: path('$.quantity'),
      discount: path('$.discount'),
      subtotal: path('$.subtotal'),
    }),
  },
  order_fields: {
    label: 'Further fields of the order',
    description:
      'For example status, or bill_address and ship_address: one text each, its parts joined by commas.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
  },
})

export type OrderPayload = FieldsOf<typeof orderFields>
type OrderItem = NonNullable<OrderPayload['items']>[number]

/** `data.order`: amounts as they are; without a subtotal, the sum of the lines. Lines need a product. */
export function order(
  payload: OrderPayload & { action?: string },
  dropped: Dropped,
): Record<string, unknown> {
  const { order_id, tax, shipping, discount, coupon_code, order_fields } = payload
  const items = (payload.items ?? []).filter((item, index) => {
    const isKept = item.product_id !== undefined && item.product_id !== ''
    if (!isKept) dropped(`order.items[${index}]`, 'the product has neither a product ID nor a SKU')
    return isKept
  })
  const amounts = {
    total: payload.total ?? totalOf(payload),
    subtotal: payload.subtotal ?? payload.revenue ?? sumOfLines(items),
    tax,
    shipping,
    discount,
    coupon_code,
  }
  return {
    ...order_fields,
    order_id,
    ...omitBy(amounts, isUndefined),
    ...(items.length === 0 ? {} : { items: items.map((item) => omitBy(item, isUndefined)) }),
  }
}

/** (price - discount) * quantity, as ODP computes a line; undefined when no line has a price. */
export function sumOfLines(items: readonly OrderItem[]): number | undefined {
  const priced = items.filter((item) => item.subtotal !== undefined || item.price !== undefined)
  if (priced.length === 0) return undefined
  const sum = priced.reduce(
    (total, { subtotal, price = 0, discount = 0, quantity = 1 }) =>
      total + (subtotal ?? (price - discount) * quantity),
    0,
  )
  return money(sum)
}

/** Money has at most four decimals in any currency; the rest is noise of the sum. */
const money = (amount: number): number => Math.round(amount * 10_000) / 10_000

/**
 * The Spec's revenue has neither tax nor shipping in it, and the discount still in it. What is given back counts alone:
 * tax and shipping of such an event, where they are mapped, are what remains.
 */
function totalOf({ action, revenue, tax, shipping, discount }: OrderPayload & { action?: string }) {
  if (revenue === undefined) return undefined
  const isGivenBack = action !== undefined && action !== 'purchase'
  return isGivenBack ? revenue : money(revenue + (tax ?? 0) + (shipping ?? 0) - (discount ?? 0))
}
