import uniqBy from 'lodash/uniqBy'
import { arrayPath, defineFields, type FieldsOf, firstOf, path, type RequestClient } from 'waybill'
import { type ConnectionSettings, maxBatch, post } from './api'

/** Products of the catalog, as events of the Spec describe them. */
export const productFields = defineFields({
  products: {
    label: 'Products',
    description: 'What the event says of products. Those with neither a product ID nor a SKU are left out.',
    type: 'object',
    multiple: true,
    properties: {
      product_id: { label: 'Product ID', type: 'string' },
      sku: { label: 'SKU', type: 'string' },
      name: { label: 'Name', type: 'string' },
      brand: { label: 'Brand', type: 'string' },
      category: { label: 'Category', type: 'string' },
      price: { label: 'Price', type: 'number' },
      image_url: { label: 'Image', type: 'string' },
    },
    default: arrayPath('$.properties.products', {
      product_id: firstOf('$.product_id', '$.sku'),
      sku: path('$.sku'),
      name: path('$.name'),
      brand: path('$.brand'),
      category: path('$.category'),
      price: path('$.price'),
      image_url: path('$.image_url'),
    }),
  },
})

type Products = FieldsOf<typeof productFields>['products']

/** Records of `POST /v3/objects/products`, one a product; the last word about it counts. */
export const productRecords = (products: Products): object[] =>
  uniqBy(
    [...(products ?? [])].reverse().filter(({ product_id }) => product_id !== undefined && product_id !== ''),
    'product_id',
  )
    .reverse()
    .map(({ price, product_id, ...others }) => ({
      product_id,
      ...others,
      ...(price === undefined ? {} : { price }),
    }))

/** Sends products to the catalog, up to 100 a request. */
export async function upsertProducts(
  request: RequestClient,
  settings: ConnectionSettings,
  products: Products,
): Promise<void> {
  const records = productRecords(products)
  for (let start = 0; start < records.length; start += maxBatch)
    await post(request, settings, '/objects/products', records.slice(start, start + maxBatch))
}
