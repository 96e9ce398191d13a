import { defineAction } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { batchFields, messageFields } from '../fields'
import { type OrderPayload, order, orderFields } from '../order'
import { settings } from '../settings'

/** Lines belong to order events; the summary has none. */
function summaryBody(payload: OrderPayload, { dropped }: ObjectContext) {
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
