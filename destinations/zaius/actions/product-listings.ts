import { arrayPath, defineAction, firstOf, path } from 'waybill'
import { address, maxBatch } from '../api'
import { type EventPayload, eventObject } from '../event'
import { eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { settings } from '../settings'

/** One `product` event for each item of a list. For accounts that count listings; no preset uses it. */
export const productListings = defineAction({
  settings,
  title: 'Product Listings',
  description: 'Send one product event with the action listing for each product of a list that was shown.',
  defaultSubscription: 'type = "track" and event = "Product List Viewed"',
  fields: {
    products: {
      label: 'Products',
      description: 'The products of the list; those without an id are left out. At most 100 are sent.',
      type: 'object',
      multiple: true,
      required: true,
      properties: {
        product_id: { label: 'Product ID', type: 'string' },
        position: { label: 'Position', type: 'integer' },
      },
      default: arrayPath('$.properties.products', {
        product_id: firstOf('$.product_id', '$.sku'),
        position: path('$.position'),
      }),
    },
    ...identifierFields,
    ...eventFields,
    fields: {
      ...eventFields.fields,
      default: { product_list_id: path('$.properties.list_id') },
    },
    excluded_properties: { ...eventFields.excluded_properties, default: ['list_id'] },
    ...messageFields,
  },
  dynamicFields: eventPickers,
  perform: (request, { payload, settings, idempotencyKey, notes }) => {
    const key = idempotencyKey ?? payload.message_id
    const dropped = (field: string, reason: string): void => notes?.dropped(field, reason)
    const listed = payload.products.filter(({ product_id }) => product_id !== undefined && product_id !== '')
    if (listed.length > maxBatch) dropped('products', `only the first ${maxBatch} are sent`)
    const events = listed.slice(0, maxBatch).map((product, index) =>
      eventObject(
        { type: 'product', action: 'listing', own: product, taken: ['products'] },
        eventOf(payload),
        {
          settings,
          index: 0,
          key: key === undefined ? undefined : `${key}:${index}`,
          dropped: index === 0 ? dropped : () => undefined,
        },
      ),
    )
    if (events.length > 0) return request(address(settings, '/events'), { method: 'post', json: events })
    notes?.nothingToSend('no product of the list has an id')
    return undefined
  },
})

const eventOf = ({ products: _products, ...event }: EventPayload & { products: unknown }): EventPayload =>
  event
