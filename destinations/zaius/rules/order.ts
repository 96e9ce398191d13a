import type { FieldsOf } from 'waybill'
import type { orderFields } from '../order-fields'
import type { Dropped } from './plain-values'

export type OrderPayload = FieldsOf<typeof orderFields>
type OrderItem = NonNullable<OrderPayload['items']>[number]

/** `data.order`: amounts as they are; without a subtotal, the sum of the lines. Lines need a product. */
export function order(payload: OrderPayload, dropped: Dropped): Record<string, unknown> {
  const { order_id, total, tax, shipping, discount, coupon_code, order_fields } = payload
  const items = (payload.items ?? []).filter((item, index) => {
    const isKept = item.product_id !== undefined && item.product_id !== ''
    if (!isKept) dropped(`order.items[${index}]`, 'the product has neither a product ID nor a SKU')
    return isKept
  })
  const amounts = {
    total,
    subtotal: payload.subtotal ?? sumOfLines(items),
    tax,
    shipping,
    discount,
    coupon_code,
  }
  return {
    ...order_fields,
    order_id,
    ...withoutUndefined(amounts),
    ...(items.length === 0 ? {} : { items: items.map((item) => withoutUndefined(item)) }),
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
  // Money has at most four decimals in any currency; the rest is noise of the sum.
  return Math.round(sum * 10_000) / 10_000
}

const withoutUndefined = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
