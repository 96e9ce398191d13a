import type { SegmentEvent } from 'waybill'
import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import { deliverWithBoth } from '../../support/both-runtimes'

const apiKey = 'a'.repeat(32)
const messageId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const settings = (endpoint: string) => ({ apiKey, endpoint })
const ios = (token: string) => ({ device: { type: 'ios', token } })

/** Message, then the exact body. All go to `/v2/identify`. */
const identifyVectors: [string, SegmentEvent, object][] = [
  [
    'V1: traits become attributes, nesting untouched',
    { userId: 'u1', traits: { plan: 'pro', nested: { a: 1 } } },
    { user_id: 'u1', attributes: { plan: 'pro', nested: { a: 1 } } },
  ],
  [
    'V2: the worked example of the vendor page',
    {
      userId: 'u2',
      traits: { name: 'Ada Byron', email: 'ada@example.com', phone: '1234567890' },
      context: ios('T1'),
    },
    {
      user_id: 'u2',
      first_name: 'Ada',
      last_name: 'Byron',
      email: 'ada@example.com',
      phone_number: '1234567890',
      apns: ['T1'],
      attributes: { name: 'Ada Byron' },
    },
  ],
  [
    'V3: a single word is the first name only',
    { userId: 'u3', traits: { name: 'Prince' } },
    { user_id: 'u3', first_name: 'Prince', attributes: { name: 'Prince' } },
  ],
  [
    'V4: runs of blanks separate, the rest keeps its own',
    { userId: 'u4', traits: { name: '  Ludwig  van Beethoven ' } },
    {
      user_id: 'u4',
      first_name: 'Ludwig',
      last_name: 'van Beethoven',
      attributes: { name: '  Ludwig  van Beethoven ' },
    },
  ],
  [
    'V5: a given first name combines with the last name of name',
    { userId: 'u5', traits: { 'First Name': 'Jo', name: 'Joanna Smith' } },
    { user_id: 'u5', first_name: 'Jo', last_name: 'Smith', attributes: { name: 'Joanna Smith' } },
  ],
  [
    'V6: Android by operating system',
    { userId: 'u6', context: { device: { token: 'T2' }, os: { name: 'Android' } } },
    { user_id: 'u6', fcm: ['T2'] },
  ],
  [
    'V7: iOS by operating system',
    { userId: 'u7', context: { device: { token: 'T3' }, os: { name: 'iPhone OS' } } },
    { user_id: 'u7', apns: ['T3'] },
  ],
  [
    'V8: no platform, no token',
    { userId: 'u8', context: { device: { token: 'T4' }, library: { name: 'analytics.js' } } },
    { user_id: 'u8' },
  ],
  [
    'V9: what has a place at the top level, or is reserved, is no attribute',
    {
      userId: 'u9',
      traits: { id: 'u9', user_id: 'u9', Email: 'a@example.com', PHONE: '12', fcm: 'x', kept: true },
    },
    { user_id: 'u9', email: 'a@example.com', phone_number: '12', attributes: { kept: true } },
  ],
  [
    'V10: the time zone of the context',
    { userId: 'u10', context: { timezone: 'Europe/Berlin' } },
    { user_id: 'u10', timezone: 'Europe/Berlin' },
  ],
  [
    'V11: an abbreviation gives way to the context',
    { userId: 'u11', traits: { timezone: 'PST' }, context: { timezone: 'America/Los_Angeles' } },
    { user_id: 'u11', timezone: 'America/Los_Angeles' },
  ],
  ['V12: an offset is dropped', { userId: 'u12', traits: { timezone: '-07:00' } }, { user_id: 'u12' }],
  ['V13: a number is dropped', { userId: 'u13', traits: { timezone: 5 } }, { user_id: 'u13' }],
  [
    'V15: an anonymous user is created under the anonymous id',
    { anonymousId: 'anon-9' },
    { user_id: 'anon-9' },
  ],
  [
    'V19: a user id that is an e-mail address serves as one',
    { userId: 'x@example.com' },
    { user_id: 'x@example.com', email: 'x@example.com' },
  ],
]

test.each(identifyVectors)('%s', async (_name, message, body) => {
  const event = { type: 'identify', messageId, ...message }
  const { requests, outcomes } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [event],
  })
  expect(requests).toEqual([
    {
      method: 'POST',
      path: '/v2/identify',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Segment (Actions)',
        'x-outbound-client': 'waybill/0.1.0',
        'x-outbound-guid': messageId,
        'x-outbound-key': apiKey,
      },
      body,
    },
  ])
  expect(outcomes.filter((outcome) => outcome.kind !== 'skipped')).toMatchObject([
    { kind: 'delivered', status: 200 },
  ])
})

test.each([
  ['V14: old id and new id', { userId: 'u9', previousId: 'anon-9' }],
  ['V16: the anonymous id where there is no previous id', { userId: 'u9', anonymousId: 'anon-9' }],
  ['to and from are other names', { to: 'u9', from: 'anon-9' }],
])('%s join two users', async (_name, message) => {
  const { requests } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [{ type: 'alias', messageId, ...message }],
  })
  expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
    { path: '/v2/identify', body: { user_id: 'u9', previous_id: 'anon-9' } },
  ])
})

test('V17: an event with its properties and whole seconds, the id as text', async () => {
  const { requests } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [
      {
        type: 'track',
        messageId,
        userId: 7 as never,
        event: 'Signed Up',
        properties: { plan: 'pro', source: 'web' },
        timestamp: '2020-01-02T03:04:05.678Z',
      },
    ],
  })
  expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
    {
      path: '/v2/track',
      body: {
        user_id: '7',
        event: 'Signed Up',
        properties: { plan: 'pro', source: 'web' },
        timestamp: 1577934245,
      },
    },
  ])
})

test('V18: a page without a name is known by its address, never as undefined', async () => {
  const { requests } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    subscriptions: [{ action: 'trackPage', filter: 'type = "page"' }],
    events: [
      {
        type: 'page',
        messageId,
        userId: 'u1',
        properties: { url: 'https://example.com/', referrer: 'https://r.example/' },
      },
      { type: 'page', messageId, userId: 'u1', name: 'Home', category: 'Shop' },
      { type: 'page', messageId, userId: 'u1' },
    ],
  })
  expect(requests.map(({ body }) => body)).toMatchObject([
    { event: '[Segment Page] https://example.com/', properties: { url: 'https://example.com/' } },
    { event: '[Segment Page] Home', properties: { name: 'Home', category: 'Shop' } },
    { event: '[Segment Page]', properties: {} },
  ])
  expect(requests[0]?.body).not.toHaveProperty('properties.referrer')
})

test('V20: an identify without any id sends nothing and says what is missing', async () => {
  const { requests, outcomes, errors } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [{ type: 'identify', messageId, traits: { plan: 'pro' } }],
  })
  expect(requests).toEqual([])
  expect(outcomes[0]).toMatchObject({
    kind: 'invalid',
    owner: 'event',
    message: 'A user ID or an anonymous ID is required.',
  })
  expect(errors).toHaveLength(1)
})

test('an event name of 201 characters is invalid, one of 200 is sent', async () => {
  const { requests, outcomes } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [200, 201].map((length) => ({
      type: 'track',
      messageId,
      userId: 'u',
      event: 'é'.repeat(length),
    })),
  })
  expect(requests).toHaveLength(1)
  expect(outcomes.find((outcome) => outcome.kind === 'invalid')).toMatchObject({
    fields: [{ path: 'event' }],
  })
})

test('what was left out is on the outcome, with its reason', async () => {
  const { outcomes } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [
      {
        type: 'identify',
        messageId,
        userId: 'u',
        traits: { timezone: 'PST', fcm: 'x' },
        context: { device: { token: 'T', type: 'web' } },
      },
    ],
  })
  expect(outcomes[0]?.notes).toEqual([
    { field: 'timezone', reason: 'not a name of the tz database such as Europe/Berlin' },
    { field: 'attributes.fcm', reason: 'the name is reserved by Zendesk Connect' },
    { field: 'device.token', reason: 'push platform unknown: neither iOS nor Android' },
  ])
})

test('an alias of an id to itself sends nothing and is counted as skipped', async () => {
  const { requests, outcomes } = await deliverWithBoth({
    destination: zendeskConnect,
    settings,
    events: [{ type: 'alias', messageId, userId: 'u1', previousId: 'u1' }],
  })
  expect(requests).toEqual([])
  expect(outcomes.find((outcome) => outcome.action === 'aliasUser')).toMatchObject({
    kind: 'skipped',
    reason: 'nothing-to-send',
    notes: [{ reason: 'the previous ID is the new ID' }],
  })
})

test('the optional actions call the vendor endpoints', async () => {
  const context = { device: { type: 'android', token: 'T' } }
  const { requests } = await deliverWithBoth({
    destination: zendeskConnect,
    settings: (url) => ({ ...settings(url), androidTokenKey: 'gcm' }),
    subscriptions: [
      { action: 'groupUser', filter: 'type = "group"' },
      { action: 'trackScreen', filter: 'type = "screen"' },
      { action: 'registerToken', filter: 'event = "Opened"' },
      { action: 'disableToken', filter: 'event = "Closed"' },
      { action: 'subscribe', filter: 'event = "In"' },
      {
        action: 'unsubscribe',
        filter: 'event = "Out"',
        mapping: {
          user_id: { '@path': '$.userId' },
          message_id: { '@path': '$.messageId' },
          campaign_ids: ['c1'],
        },
      },
    ],
    events: [
      { type: 'group', messageId, userId: 'u', groupId: 'g', traits: { id: 'g', seats: 5 } },
      { type: 'screen', messageId, userId: 'u', name: 'Cart' },
      { type: 'track', event: 'Opened', messageId, userId: 'u', context },
      { type: 'track', event: 'Closed', messageId, userId: 'u', context },
      { type: 'track', event: 'In', messageId, userId: 'u' },
      { type: 'track', event: 'Out', messageId, userId: 'u' },
    ],
  })
  expect(requests.map(({ path, body }) => [path, body])).toEqual([
    ['/v2/identify', { user_id: 'u', group_id: 'g', group_attributes: { seats: 5 } }],
    ['/v2/track', { user_id: 'u', event: '[Segment Screen] Cart', properties: { name: 'Cart' } }],
    ['/v2/gcm/register', { user_id: 'u', token: 'T' }],
    ['/v2/gcm/disable', { user_id: 'u', token: 'T' }],
    ['/v2/subscribe/all', { user_id: 'u' }],
    ['/v2/unsubscribe/campaigns', { user_id: 'u', campaign_ids: ['c1'] }],
  ])
})
