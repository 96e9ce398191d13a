import type { SegmentEvent } from 'waybill'
import { deliver, event, profile } from './requests'

const address = { street: '1 Mill Road', city: 'Aachen', state: 'NW', postalCode: '52062', country: 'DE' }

/** Traits, and the attributes beyond the identifiers. */
const identifyRows: [string, Record<string, unknown>, object][] = [
  [
    'names and email',
    { firstName: 'Ada', lastName: 'Byron', name: 'Ada Byron', email: 'a@example.com' },
    { first_name: 'Ada', last_name: 'Byron', name: 'Ada Byron', email: 'a@example.com' },
  ],
  [
    'address',
    { address },
    { street1: '1 Mill Road', city: 'Aachen', state: 'NW', zip: '52062', country: 'DE' },
  ],
  ['avatar', { avatar: 'https://a.example/a.png' }, { image_url: 'https://a.example/a.png' }],
  ['gender', { gender: 'female' }, { gender: 'F' }],
  ['gender in the form of ODP', { gender: 'M' }, { gender: 'M' }],
  ['a gender that ODP does not know', { gender: 'other' }, {}],
  ['phone', { phone: '+1 (555) 210-8050' }, { phone: '+15552108050' }],
  ['a phone number without country', { phone: '555 2108050' }, {}],
  ['birthday', { birthday: '1815-12-10' }, { dob_year: 1815, dob_month: 12, dob_day: 10 }],
  ['a birthday that is none', { birthday: 'soon' }, {}],
  [
    'a trait that is spelled as in ODP goes before',
    { first_name: 'Ada', firstName: 'Augusta', zip: '1', address },
    { first_name: 'Ada', street1: '1 Mill Road', city: 'Aachen', state: 'NW', zip: '1', country: 'DE' },
  ],
  ['other primitive traits', { plan: 'pro', age: 36, isVip: true }, { plan: 'pro', age: 36, isVip: true }],
  ['other nested traits are left out', { company: { name: 'x' }, tags: ['a'] }, {}],
  ['texts are trimmed, blanks and null left out', { plan: ' pro ', a: '  ', b: null }, { plan: 'pro' }],
  ['no vuid, which only the web tag of ODP makes', { vuid: 'v', plan: 'pro' }, { plan: 'pro' }],
  ['a computed trait', { total_revenue_180_days: 450 }, { total_revenue_180_days: 450 }],
  ['joining an audience', { order_completed_last_30days: true }, { order_completed_last_30days: true }],
  ['leaving an audience', { order_completed_last_30days: false }, { order_completed_last_30days: false }],
]

test.each(identifyRows)('identify with %s', async (_name, traits, attributes) => {
  expect(await deliver({ type: 'identify', traits })).toEqual([profile(attributes)])
})

/** A page call, and the fields of its event. */
const pageRows: [string, SegmentEvent, object][] = [
  ['nothing but ids', {}, {}],
  ['name', { name: 'Shoes' }, { name: 'Shoes' }],
  ['category', { category: 'Shop' }, { category: 'Shop' }],
  ['path', { properties: { path: '/a' } }, { path: '/a', page: '/a' }],
  ['title', { properties: { title: 'A' } }, { title: 'A' }],
  [
    'url',
    { properties: { url: 'https://shop.example.com/a' } },
    { url: 'https://shop.example.com/a', hostname: 'shop.example.com' },
  ],
  ['referrer', { properties: { referrer: 'https://a.example' } }, { referrer: 'https://a.example' }],
  ['search', { properties: { search: '?a=b' } }, { search: '?a=b', search_term: '?a=b' }],
  [
    'the context where properties are silent',
    {
      context: {
        page: {
          path: '/a',
          title: 'A',
          url: 'https://shop.example.com/a',
          referrer: 'https://a.example',
          search: '?a=b',
        },
      },
    },
    {
      page: '/a',
      title: 'A',
      hostname: 'shop.example.com',
      referrer: 'https://a.example',
      search_term: '?a=b',
    },
  ],
]

test.each(pageRows)('page with %s is a pageview without an action', async (_name, given, data) => {
  expect(await deliver({ type: 'page', ...given })).toEqual([event({ type: 'pageview', data })])
})

test.each(['screen', 'group', 'alias'])('%s is not subscribed', async (type) => {
  expect(await deliver({ type, name: 'x', groupId: 'g', previousId: 'p', event: 'x' })).toEqual([])
})
