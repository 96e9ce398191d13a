import { defineAction } from 'waybill'
import { type BodyContext, deliver, deliverBatch } from '../deliver'
import { orderFields } from '../order-fields'
import { type OrderPayload, order } from '../rules/order'
import { settings } from '../settings'
import { batchFields, messageFields } from '../shared-fields'

/** Lines belong to order events; the summary has none. */
function summaryBody(payload: OrderPayload, { dropped }: BodyContext) {
  const { items: _items, ...summary } = order(payload, dropped)
  return summary
}

/** `POST /v3/objects/orders`: changes the summary of an order, which makes no event. No preset uses it. */
export const orderSummary = defineAction({
  settings,
  title: 'Update Order Summary',
  description: 'Change amounts or status of an order that ODP has, without counting it again.',
  defaultSubscription: 'type = "track" and event = "Order Updated"',
  fields: { ...orderFields, ...messageFields, ...batchFields },
  perform: (request, input) => deliver(request, '/objects/orders', input, summaryBody),
  performBatch: (request, input) => deliverBatch(request, '/objects/orders', input, summaryBody),
})
