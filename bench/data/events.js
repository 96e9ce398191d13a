/** How many different events there are of each kind; runs go round them. */
const variants = 64

const names = [
  ['Zoë', 'Müller'],
  ['Léa', 'Dubois'],
  ['Tomáš', 'Novák'],
  ['Ada', 'Okafor'],
]
const at = (index) => new Date(Date.UTC(2024, 2, 1) + index * 61_007).toISOString()

function context(index) {
  const [firstName, lastName] = names[index % names.length]
  return {
    ip: `203.0.113.${index}`,
    locale: 'de-AT',
    timezone: 'Europe/Vienna',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36',
    app: { name: 'Shöp', version: '4.12.1', build: '41201' },
    campaign: { name: 'spring', source: 'newsletter', medium: 'email', term: 'schuhe', content: 'header' },
    device: { id: `device-${index}`, type: 'ios', model: 'iPhone15,3', manufacturer: 'Apple', name: 'phone' },
    os: { name: 'iOS', version: '17.4' },
    screen: { width: 1440, height: 900, density: 2 },
    network: { carrier: 'A1', wifi: true, cellular: false },
    location: { city: 'Wien', country: 'Austria', latitude: 48.2, longitude: 16.37 },
    page: {
      path: '/schuhe/laufschuhe',
      referrer: 'https://www.example.com/suche?q=laufschuhe',
      search: '?farbe=blau',
      title: 'Laufschuhe für Straße und Gelände',
      url: `https://shop.example.com/schuhe/laufschuhe?farbe=blau&n=${index}`,
    },
    traits: { firstName, lastName, email: `person.${index}@example.com`, plan: 'PREMIUM' },
    library: { name: 'analytics.js', version: '2.11.1' },
  }
}

const common = (type, index) => ({
  type,
  messageId: `ajs-${type}-00112233445566778899-${String(index).padStart(4, '0')}`,
  anonymousId: `a0b1c2d3-0000-4000-8000-${String(index).padStart(12, '0')}`,
  userId: `user-${index}`,
  timestamp: at(index),
  sentAt: at(index + 1),
  receivedAt: at(index + 1),
  context: context(index),
})

const identify = (index) => {
  const [firstName, lastName] = names[index % names.length]
  return {
    ...common('identify', index),
    traits: {
      firstName,
      lastName,
      email: `person.${index}@example.com`,
      phone: '+43 1 555 0100',
      age: String(20 + (index % 50)),
      plan: 'Premium',
      subscribed: index % 2 === 0 ? 'true' : 'false',
      createdAt: at(index),
      birthday: '1990-05-04T00:00:00.000Z',
      address: { street: 'Mariahilfer Straße 1', city: 'Wien', postalCode: '1060', country: 'AT' },
      company: { name: 'Beispiel GmbH', employees: 40 + index },
    },
  }
}

const product = (index, position) => ({
  product_id: `p-${index}-${position}`,
  sku: `SKU-${1000 + position}`,
  name: position === 1 ? 'Größe 42 – Laufschuh' : `Laufsocken ${position}`,
  brand: 'Bergwind',
  category: 'Schuhe',
  price: 19.9 + position,
  quantity: position,
  position,
})

const order = (index) => ({
  ...common('track', index),
  event: 'Order Completed',
  properties: {
    order_id: `order-${index}`,
    checkout_id: `checkout-${index}`,
    email: `person.${index}@example.com`,
    revenue: String(99.5 + index),
    total: 118.9 + index,
    tax: 12.4,
    shipping: 7,
    discount: 0,
    coupon: 'FRÜHLING',
    currency: 'EUR',
    products: [product(index, 1), product(index, 2), product(index, 3)],
  },
})

const page = (index) => ({
  ...common('page', index),
  name: 'Laufschuhe',
  category: 'Schuhe',
  properties: {
    title: 'Laufschuhe für Straße und Gelände',
    url: `https://shop.example.com/schuhe/laufschuhe?farbe=blau&n=${index}`,
    path: '/schuhe/laufschuhe',
    referrer: 'https://www.example.com/suche?q=laufschuhe',
    search: '?farbe=blau',
    keywords: ['laufschuhe', 'trail'],
  },
})

const listOf = (make) => Array.from({ length: variants }, (_, index) => make(index))

/** Synthetic events, the same in every run: an identify, an order with three products, a page. */
const events = { identify: listOf(identify), order: listOf(order), page: listOf(page) }

/** Filters that every event of the kind passes. */
const filters = {
  identify: 'type = "identify" and traits.email != null',
  order: 'type = "track" and event = "Order Completed"',
  page: 'type = "page" and contains(properties.path, "schuhe")',
}

const anyKind = 'type = "identify" or type = "track" or type = "page"'

/** All kinds in turn. */
const mixed = events.identify.flatMap((event, index) => [event, events.order[index], events.page[index]])

module.exports = { anyKind, events, filters, mixed }
