import { defineAction, defineFields, type FieldsOf } from 'waybill'
import { type BodyContext, deliver, deliverBatch } from '../deliver'
import { eventObject } from '../event-object'
import { orderFields } from '../order-fields'
import { order } from '../rules/order'
import { settings } from '../settings'
import { batchFields, eventFields, identifierFields, messageFields } from '../shared-fields'
import { orderActions } from '../vocabulary'

const fields = defineFields({
  action: {
    label: 'Event action',
    description:
      'purchase counts as revenue. return (the goods came back), refund (money only) and cancel take it away again; whether in part or whole follows from what is left of the subtotal.',
    type: 'string',
    choices: [...orderActions],
    required: true,
    default: 'purchase',
  },
  ...orderFields,
  ...identifierFields,
  ...eventFields,
  ...messageFields,
  ...batchFields,
})

const orderBody = (payload: FieldsOf<typeof fields>, context: BodyContext) =>
  eventObject(
    {
      type: 'order',
      action: payload.action,
      own: { order: order(payload, context.dropped) },
      taken: ['products', 'order'],
    },
    payload,
    context,
  )

/** `POST /v3/events` of the type `order`: ODP makes of it one event for each line, and updates the order. */
export const orderEvent = defineAction({
  settings,
  title: 'Order Event',
  description: 'Send a purchase, or that an order was returned, refunded or canceled.',
  defaultSubscription: 'type = "track" and event = "Order Completed"',
  fields,
  perform: (request, input) => deliver(request, '/events', input, orderBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, orderBody),
})
