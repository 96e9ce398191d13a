import { defineAction, type FieldsOf } from 'waybill'
import { post } from '../api'
import { messageFields } from '../fields'
import { productFields, productRecords } from '../product'
import { settings } from '../settings'

const fields = { products: { ...productFields.products, required: true }, ...messageFields } as const

/** `POST /v3/objects/products`: what the catalog says of products. No preset uses it. */
export const upsertProducts = defineAction({
  settings,
  title: 'Upsert Products',
  description: 'Create or update the products of an event in the product catalog of ODP.',
  defaultSubscription: 'type = "track" and event = "Product List Viewed"',
  fields,
  perform: (request, { payload, settings, notes }) => {
    const records = productRecords((payload as FieldsOf<typeof productFields>).products)
    if (records.length > 0) return post(request, settings, '/objects/products', records.slice(0, 500))
    notes?.nothingToSend('no product of the event has an id')
    return undefined
  },
})
