import { arrayPath, defineFields, firstOf, path } from 'waybill'
import { firstPresent } from './first-present'

const amount = (label: string, description: string) => ({ label, description, type: 'number' }) as const

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
    ...amount('Total', 'What the customer pays in the end, with tax, shipping and discounts.'),
    default: firstOf('$.properties.total', '$.properties.value'),
  },
  subtotal: {
    ...amount('Subtotal', 'What the products cost. Without it, the sum of the lines.'),
    default: firstOf('$.properties.subtotal', '$.properties.revenue'),
  },
  tax: { ...amount('Tax', 'Tax of the order.'), default: path('$.properties.tax') },
  shipping: { ...amount('Shipping', 'Cost of shipping.'), default: path('$.properties.shipping') },
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
      product_id: firstPresent('$.product_id', '$.sku'),
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
