import type { SegmentEvent } from 'waybill'
import { deliver, event, known } from './requests'

describe('common fields', () => {
  const rows: [string, SegmentEvent, object][] = [
    ['context.locale', { context: { locale: 'de-DE' } }, { language: 'de-DE' }],
    ['context.page.path', { context: { page: { path: '/shoes' } } }, { page: '/shoes' }],
    [
      'context.referrer.url',
      { context: { referrer: { url: 'https://a.example' }, page: { referrer: 'https://b.example' } } },
      { referrer: 'https://a.example' },
    ],
    [
      'context.page.referrer',
      { context: { page: { referrer: 'https://b.example' } } },
      { referrer: 'https://b.example' },
    ],
    ['context.page.search', { context: { page: { search: '?q=shoes' } } }, { search_term: '?q=shoes' }],
    ['a blank context.page.search', { context: { page: { search: '' } } }, {}],
    [
      'properties.query before context.page.search',
      { context: { page: { search: '?q=a' } }, properties: { query: 'b' } },
      { search_term: 'b', query: 'b' },
    ],
    ['context.page.title', { context: { page: { title: 'Shoes' } } }, { title: 'Shoes' }],
    [
      'context.page.url',
      { context: { page: { url: 'https://shop.example.com:8443/shoes?a=b' } } },
      { hostname: 'shop.example.com' },
    ],
    ['context.ip', { context: { ip: '192.0.2.1' } }, { ip: '192.0.2.1' }],
    ['context.user_agent', { context: { user_agent: 'Browser/1' } }, { ua: 'Browser/1' }],
    ['context.userAgent', { context: { userAgent: 'Browser/2' } }, { ua: 'Browser/2' }],
    ['context.timezone', { context: { timezone: 'Europe/Berlin' } }, { timezone: 'Europe/Berlin' }],
    ['context.campaign.name', { context: { campaign: { name: 'spring' } } }, { campaign: 'spring' }],
    ['context.campaign.source', { context: { campaign: { source: 'mail' } } }, { source: 'mail' }],
    ['context.campaign.medium', { context: { campaign: { medium: 'cpc' } } }, { medium: 'cpc' }],
    ['context.campaign.term', { context: { campaign: { term: 'boots' } } }, { keywords: 'boots' }],
    ['context.campaign.content', { context: { campaign: { content: 'banner' } } }, { content: 'banner' }],
    [
      'properties before the context',
      { context: { ip: '192.0.2.1' }, properties: { ip: '192.0.2.2' } },
      { ip: '192.0.2.2' },
    ],
    [
      'primitive properties under their own names',
      { properties: { text: 'a', count: 2, isTrue: false, blank: '' } },
      { text: 'a', count: 2, isTrue: false, blank: '' },
    ],
    [
      'no nested properties, no null',
      { properties: { list: [1], nested: { a: 1 }, nothing: null, kept: 0 } },
      { kept: 0 },
    ],
    [
      'never the time or the key of an event, which are those of the call',
      { properties: { ts: 1e300, idempotence_id: 'x', kept: 1 } },
      { kept: 1 },
    ],
    ['timestamp', { timestamp: '2024-05-01T12:00:00+02:00' }, { ts: '2024-05-01T10:00:00.000Z' }],
    ['a timestamp in seconds', { timestamp: 1714557600 as never }, { ts: '2024-05-01T10:00:00.000Z' }],
    ['messageId', { messageId: 'ajs-2' }, { idempotence_id: 'ajs-2' }],
    ['never zaius_id', { properties: { zaius_id: 'z', kept: 1 } }, { kept: 1 }],
  ]
  test.each(rows)('%s', async (_name, given, data) => {
    expect(await deliver({ type: 'track', event: 'Something', ...given })).toEqual([
      event({ type: 'something', action: 'track', data }),
    ])
  })

  test('anonymousId and userId go under the names of the settings', async () => {
    const [request] = await deliver(
      { type: 'track', event: 'Something' },
      { userIdField: 'customer_id', anonymousIdField: 'web_id' },
    )
    expect(request?.body).toMatchObject([{ identifiers: { customer_id: 'user', web_id: 'anon' } }])
  })

  test.each([
    ['the traits of the context', { context: { traits: { email: 'a@example.com' } } }],
    ['the traits', { traits: { email: 'a@example.com' } }],
  ])('the email address comes from %s', async (_name, given) => {
    const requests = await deliver({ type: 'track', event: 'Something', ...given })
    expect(requests[0]?.body).toMatchObject([{ identifiers: { ...known, email: 'a@example.com' } }])
  })

  test.each([
    ['never says who it was beside other identifiers', {}, {}, known],
    [
      'says who it was where nothing else does',
      { userId: null, anonymousId: null },
      {},
      { email: 'a@example.com' },
    ],
    [
      'says who it was where the settings ask for it',
      {},
      { identifyByPropertyEmail: true },
      { ...known, email: 'a@example.com' },
    ],
  ])('an email address among the properties %s', async (_name, ids, settings, identifiers) => {
    const requests = await deliver(
      { type: 'track', event: 'Something', properties: { email: 'a@example.com' }, ...ids },
      settings,
    )
    const [sent] = requests.flatMap(({ body }) => body as { identifiers: object; data: object }[])
    expect(sent).toMatchObject({ identifiers, data: { email: 'a@example.com' } })
    expect(sent?.identifiers).toEqual(identifiers)
  })

  test('ids that are numbers become text, and blank ones are left out', async () => {
    const [request] = await deliver({
      type: 'track',
      event: 'Something',
      userId: 7 as never,
      anonymousId: '',
    })
    expect(request?.body).toMatchObject([{ identifiers: { segment_user_id: '7' } }])
  })
})
