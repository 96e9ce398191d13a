import { defineAction, defineFields, type FieldsOf, firstOf } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { eventObject } from '../event'
import { batchFields, eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  action: {
    label: 'Event action',
    description: 'detail, add_to_cart, remove_from_cart, add_to_wishlist, remove_from_wishlist, or your own.',
    type: 'string',
    required: true,
    default: 'detail',
  },
  product_id: {
    label: 'Product ID',
    description: 'Must be that of your product catalog in ODP. The SKU takes its place where there is none.',
    type: 'string',
    required: true,
    default: firstOf('$.properties.product_id', '$.properties.sku'),
  },
  ...identifierFields,
  ...eventFields,
  ...messageFields,
  ...batchFields,
})

const productBody = (payload: FieldsOf<typeof fields>, context: ObjectContext) =>
  eventObject(
    { type: 'product', action: payload.action, own: { product_id: payload.product_id } },
    payload,
    context,
  )

/** `POST /v3/events` of the type `product`, which ODP takes only with a product id. */
export const productEvent = defineAction({
  settings,
  title: 'Product Event',
  description: 'Send what somebody did with a product: looked at it, put it into the cart, and the like.',
  defaultSubscription: 'type = "track" and event = "Product Viewed"',
  fields,
  dynamicFields: eventPickers,
  perform: (request, input) => deliver(request, '/events', input, productBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, productBody),
})
