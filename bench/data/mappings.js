const path = (value) => ({ '@path': value })
const firstOf = (...paths) =>
  paths.reduceRight(
    (otherwise, value) => ({
      '@if': {
        exists: path(value),
        then: path(value),
        ...(otherwise === undefined ? {} : { else: otherwise }),
      },
    }),
    undefined,
  )
const text = (mapping) => ({ type: 'string', mapping })
const number = (mapping) => ({ type: 'number', mapping })

/** 6 fields. */
const small = {
  userId: { ...text(path('$.userId')), required: true },
  anonymousId: text(path('$.anonymousId')),
  messageId: { ...text(path('$.messageId')), required: true },
  name: text(firstOf('$.event', '$.name', '$.type')),
  email: {
    ...text(firstOf('$.traits.email', '$.properties.email', '$.context.traits.email')),
    format: 'email',
  },
  timestamp: { type: 'datetime', mapping: path('$.timestamp') },
}

/** 20 fields: every directive that stored mappings use much, coercion, nested objects and a list. */
const medium = {
  ...small,
  firstName: text(firstOf('$.traits.firstName', '$.context.traits.firstName')),
  lastName: text(firstOf('$.traits.lastName', '$.context.traits.lastName')),
  greeting: text({ '@template': 'Hello {{context.traits.firstName}} {{context.traits.lastName}}' }),
  plan: text({ '@case': { operator: 'lower', value: firstOf('$.traits.plan', '$.context.traits.plan') } }),
  age: { type: 'integer', mapping: path('$.traits.age') },
  subscribed: { type: 'boolean', mapping: path('$.traits.subscribed') },
  ip: { ...text(path('$.context.ip')), format: 'ipv4' },
  locale: text(path('$.context.locale')),
  url: { ...text(firstOf('$.properties.url', '$.context.page.url')), format: 'uri' },
  revenue: number(firstOf('$.properties.revenue', '$.properties.total')),
  currency: text(path('$.properties.currency')),
  address: {
    type: 'object',
    properties: { street: { type: 'string' }, city: { type: 'string' }, zip: { type: 'string' } },
    mapping: {
      street: path('$.traits.address.street'),
      city: firstOf('$.traits.address.city', '$.context.location.city'),
      zip: path('$.traits.address.postalCode'),
    },
  },
  tags: { type: 'string', multiple: true, mapping: path('$.properties.keywords') },
  products: {
    type: 'object',
    multiple: true,
    properties: {
      id: { type: 'string', required: true },
      name: { type: 'string' },
      price: { type: 'number' },
      quantity: { type: 'integer' },
    },
    mapping: {
      '@arrayPath': [
        '$.properties.products',
        {
          id: path('$.product_id'),
          name: path('$.name'),
          price: path('$.price'),
          quantity: path('$.quantity'),
        },
      ],
    },
  },
}

/** Fields of one member of the context each, named after it. */
const ofContext = (type, ...paths) =>
  Object.fromEntries(
    paths.map((value) => [
      value.replaceAll(/\.(\w)/g, (_, letter) => letter.toUpperCase()),
      { type, mapping: path(`$.context.${value}`) },
    ]),
  )

/** 60 fields. */
const large = {
  ...medium,
  phone: text(path('$.traits.phone')),
  birthday: { type: 'datetime', mapping: path('$.traits.birthday') },
  createdAt: { type: 'datetime', mapping: path('$.traits.createdAt') },
  companyName: text(path('$.traits.company.name')),
  orderId: text(path('$.properties.order_id')),
  coupon: text({ '@case': { operator: 'lower', value: path('$.properties.coupon') } }),
  tax: number(path('$.properties.tax')),
  shipping: number(path('$.properties.shipping')),
  discount: number(path('$.properties.discount')),
  sentAt: { type: 'datetime', mapping: path('$.sentAt') },
  ...ofContext('string', 'userAgent', 'timezone', 'app.name', 'app.version', 'app.build'),
  ...ofContext('string', 'campaign.name', 'campaign.source', 'campaign.medium', 'campaign.term'),
  ...ofContext('string', 'campaign.content', 'device.id', 'device.type', 'device.model', 'device.name'),
  ...ofContext('string', 'device.manufacturer', 'os.name', 'os.version', 'network.carrier'),
  ...ofContext('number', 'screen.width', 'screen.height', 'screen.density'),
  ...ofContext('boolean', 'network.wifi', 'network.cellular'),
  ...ofContext('string', 'location.city', 'location.country', 'page.title', 'page.path', 'page.referrer'),
  ...ofContext('string', 'library.name'),
  ...ofContext('number', 'location.latitude'),
}

const split = (name, entries) => ({
  name,
  fields: Object.fromEntries(
    Object.entries(entries).map(([key, { mapping: _mapping, ...field }]) => [
      key,
      { label: key, description: `${key} of the event`, ...field },
    ]),
  ),
  mapping: Object.fromEntries(Object.entries(entries).map(([key, { mapping }]) => [key, mapping])),
})

/** Fields and mappings by size: 6, 20 and 60 of them. */
const mappings = {
  small: split('small', small),
  medium: split('medium', medium),
  large: split('large', large),
}

module.exports = { mappings }
