import { defineAction, defineFields, type FieldsOf } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { eventObject } from '../event'
import { batchFields, eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { order, orderFields } from '../order'
import { productFields, upsertProducts } from '../product'
import { settings } from '../settings'
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
  products: {
    ...productFields.products,
    label: 'Products of the catalog',
    description: 'Sent to the product catalog before the order, where the settings say so.',
  },
  ...identifierFields,
  ...eventFields,
  ...messageFields,
  ...batchFields,
})

const orderBody = (payload: FieldsOf<typeof fields>, context: ObjectContext) =>
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
  dynamicFields: eventPickers,
  perform: async (request, input) => {
    const { settings, payload } = input
    if (settings.upsertProducts) await upsertProducts(request, settings, payload.products)
    return deliver(request, '/events', input, orderBody)
  },
  performBatch: (request, input) =>
    deliverBatch(request, '/events', input, orderBody, async (payloads) => {
      if (input.settings.upsertProducts)
        await upsertProducts(
          request,
          input.settings,
          payloads.flatMap(({ products }) => products ?? []),
        )
    }),
})
