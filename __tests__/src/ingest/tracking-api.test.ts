import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { basic, errorOf, startIngest, type TestIngest } from './ingest-server'

let server: TestIngest
beforeEach(async () => {
  server = await startIngest({ publicUrl: 'http://events.example.com:8080' })
})
afterEach(() => server.close())

const track = (messageId: string, more: object = {}) => ({
  type: 'track',
  event: 'Ordered',
  userId: 'u1',
  messageId,
  ...more,
})
const batch = (events: unknown[], more: object = {}) => ({ batch: events, writeKey: 'wk_site', ...more })

describe('routes', () => {
  test.each(['identify', 'track', 'page', 'screen', 'group', 'alias'])(
    '/v1/%s and its first letter take one event, and decide its type',
    async (type) => {
      const event = {
        userId: 'u1',
        event: 'Ordered',
        groupId: 'g1',
        previousId: 'p1',
        type: 'nonsense',
        writeKey: 'wk_site',
      }
      for (const path of [`/v1/${type}`, `/v1/${type[0]}`, `/v1/${type}/?x=1`]) {
        const reply = await server.post(path, event)
        expect([reply.status, await reply.json()]).toEqual([200, { success: true }])
      }
      expect(server.store.events.map((stored) => [stored.type, stored.channel])).toEqual([
        [type, 'server'],
        [type, 'browser'],
        [type, 'server'],
      ])
      expect(server.store.events[0]).not.toHaveProperty('writeKey')
    },
  )

  test.each(['/v1/batch', '/v1/b', '/v1/import'])('%s takes a batch', async (path) => {
    expect((await server.post(path, batch([track('m1'), track('m2')]))).status).toBe(200)
    expect(server.store.events.map(({ messageId }) => messageId)).toEqual(['m1', 'm2'])
  })

  test('telemetry is taken and dropped', async () => {
    expect(
      (await server.post('/v1/m', { series: [{ type: 'Counter', metric: 'x', value: 1, tags: {} }] })).status,
    ).toBe(200)
    expect(server.store.events).toEqual([])
  })

  test('the settings of a source send browsers here and nowhere else', async () => {
    const reply = await fetch(`${server.url}/v1/projects/wk_app/settings`)
    expect(await reply.json()).toEqual({
      integrations: {
        'Segment.io': { apiKey: 'wk_app', apiHost: 'events.example.com:8080/v1', protocol: 'http' },
      },
      plan: {},
      metrics: { sampleRate: 0 },
    })
    expect((await fetch(`${server.url}/v1/projects/wk_other/settings`)).status).toBe(404)
  })

  test('a wrong method gets 405 with the right ones, a wrong path 404', async () => {
    const get = await fetch(`${server.url}/v1/batch`)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    expect((await server.post('/v1/projects/wk_app/settings', {})).status).toBe(405)
    const missing = await server.post('/v1/nothing', {})
    expect([missing.status, await missing.json()]).toMatchObject([404, { success: false, code: 'not_found' }])
  })
})

describe('write keys', () => {
  test.each([
    ['in the body', { writeKey: 'wk_site' }, {}, 200],
    ['as user of Basic', {}, basic('wk_site:'), 200],
    ['as Basic without a colon', {}, basic('wk_site'), 200],
    ['as Basic with a password', {}, basic('wk_site:x'), 200],
    ['nowhere', {}, {}, 400],
    ['unknown', {}, basic('wk_wrong:'), 401],
    ['empty in the body, beside Basic', { writeKey: '' }, basic('wk_site:'), 200],
    ['of a source that is off', { writeKey: 'wk_off' }, {}, 403],
    ['an older one of a source', { writeKey: 'wk_app_old' }, {}, 200],
    ['not base64', {}, { authorization: 'Basic ***' }, 400],
    ['in the body beside a token', { writeKey: 'wk_site' }, { authorization: 'Bearer abc' }, 200],
  ])('%s', async (_, body, headers, status) => {
    const reply = await server.post('/v1/track', { event: 'x', userId: 'u', ...body }, headers)
    expect(reply.status).toBe(status)
    if (status !== 200)
      expect(await reply.json()).toEqual({
        success: false,
        code: expect.any(String),
        message: expect.any(String),
      })
  })

  test('the body goes over Basic, and an item over its batch', async () => {
    await server.post(
      '/v1/batch',
      batch([
        track('m1'),
        track('m2', { writeKey: 'wk_app' }),
        track('m3', { writeKey: 'wk_wrong' }),
        track('m4', { writeKey: 'wk_off' }),
      ]),
      basic('wk_app:'),
    )
    expect(server.store.bySource.get('site')?.map(({ messageId }) => messageId)).toEqual(['m1'])
    expect(server.store.bySource.get('app')?.map(({ messageId }) => messageId)).toEqual(['m2'])
    expect(server.refusals.map(({ index, code }) => [index, code])).toEqual([
      [2, 'invalid_write_key'],
      [3, 'source_disabled'],
    ])
  })

  test('unknown keys can be answered as Segment does; the operator sees the events', async () => {
    const tolerant = await startIngest({ unknownKey: 'accept' })
    const reply = await tolerant.post('/v1/batch', { batch: [track('m1')], writeKey: 'wk_wrong' })
    expect([reply.status, await reply.json()]).toEqual([200, { success: true }])
    expect(tolerant.store.events).toEqual([])
    expect(tolerant.refusals).toMatchObject([{ code: 'invalid_write_key', messageId: 'm1' }])
    await tolerant.close()
  })

  test('a token is shown to `authorize`', async () => {
    const seen: unknown[] = []
    const guarded = await startIngest({
      authorize(token, key) {
        seen.push([token, key])
        return token === 'good'
      },
    })
    const statuses = []
    for (const token of ['good', 'bad'])
      statuses.push(
        (
          await guarded.post(
            '/v1/track',
            { writeKey: 'wk_site', event: 'x', userId: 'u' },
            { authorization: `Bearer ${token}` },
          )
        ).status,
      )
    expect(statuses).toEqual([200, 401])
    expect(seen).toEqual([
      ['good', 'wk_site'],
      ['bad', 'wk_site'],
    ])
    await guarded.close()
  })
})

describe('bodies', () => {
  const text = JSON.stringify({
    batch: [track('m1')],
    sentAt: '2026-11-22T23:23:11.357Z',
    writeKey: 'wk_site',
  })
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['', gzipSync(text)],
    ['', Buffer.from(`\uFEFF${text}`)],
  ])('in the encoding "%s", as text, with the key last', async (encoding, body) => {
    const reply = await server.post('/v1/b', body, {
      'content-type': 'text/plain',
      ...(encoding !== '' && { 'content-encoding': encoding }),
    })
    expect(reply.status).toBe(200)
    expect(server.store.events).toHaveLength(1)
  })

  test.each([
    ['{"batch":[, ,]}', 'invalid_json'],
    ['[]', 'invalid_json'],
    ['', 'invalid_json'],
    ['null', 'invalid_json'],
    ['"x"', 'invalid_json'],
    ['{"writeKey":"wk_site"}', 'invalid_json'],
    ['{"batch":{},"writeKey":"wk_site"}', 'invalid_json'],
    ['{"batch":[],"writeKey":"wk_site"}', 'empty_batch'],
  ])('%s is refused as a whole', async (body, code) => {
    const reply = await server.post('/v1/batch', body)
    expect([reply.status, (await reply.json()).code]).toEqual([400, code])
  })

  test.each([
    ['gzip', 'not gzip'],
    ['zstd', text],
    ['gzip, br', text],
    ['constructor', text],
  ])('an encoding that cannot be read (%s) is refused', async (encoding, body) => {
    const reply = await server.post('/v1/batch', body, { 'content-encoding': encoding })
    expect([reply.status, (await reply.json()).code]).toEqual([400, 'invalid_encoding'])
  })

  test('a request over the limit is refused with its connection closed, inflated or not', async () => {
    const large = JSON.stringify(batch([track('m1', { properties: { text: 'x'.repeat(5_000_000) } })]))
    for (const [body, headers] of [
      [large, {}],
      [gzipSync(large), { 'content-encoding': 'gzip' }],
    ] as const) {
      const reply = await server.post('/v1/batch', body, headers)
      expect([reply.status, reply.headers.get('connection'), await reply.json()]).toMatchObject([
        400,
        'close',
        { code: 'payload_too_large', message: 'Exceed payload limit' },
      ])
    }
  })

  test('an event over the limit fails its own request, and in a batch itself alone', async () => {
    const large = { properties: { text: 'x'.repeat(33_000) } }
    const single = await server.post('/v1/track', track('m0', { ...large, writeKey: 'wk_site' }))
    expect([single.status, (await single.json()).message]).toEqual([400, 'Exceed payload limit'])
    const reply = await server.post('/v1/batch', batch([track('m1'), track('m2', large), track('m3')]))
    expect([reply.status, await reply.json()]).toEqual([
      200,
      { success: true, rejected: [{ index: 1, code: 'event_too_large' }], rejectedCount: 1 },
    ])
    expect(server.store.events.map(({ messageId }) => messageId)).toEqual(['m1', 'm3'])
  })

  test('space between the parts of an event does not count', async () => {
    const pretty = JSON.stringify(
      batch([track('m1', { properties: { list: Array.from({ length: 5_000 }, () => 1) } })]),
      null,
      8,
    )
    expect(pretty.length).toBeGreaterThan(40_000)
    expect(await (await server.post('/v1/batch', pretty)).json()).toEqual({ success: true })
  })

  test('40 events of 30 KB, as the node SDK sends them, fit; under strict limits they do not', async () => {
    const many = batch(
      Array.from({ length: 40 }, (_, index) =>
        track(`m${index}`, { properties: { text: 'x'.repeat(30_000) } }),
      ),
    )
    expect((await server.post('/v1/batch', many)).status).toBe(200)
    expect(server.store.events).toHaveLength(40)
    const strict = await startIngest({ limits: 'strict' })
    expect((await strict.post('/v1/batch', many)).status).toBe(400)
    const events = Array.from({ length: 2_502 }, (_, index) => track(`n${index}`))
    const reply = await strict.post('/v1/batch', batch(events))
    expect(await reply.json()).toEqual({
      success: true,
      rejected: [2_500, 2_501].map((index) => ({ index, code: 'batch_too_many' })),
      rejectedCount: 2,
    })
    expect(strict.store.events).toHaveLength(2_500)
    await strict.close()
  })

  test('an event that is nested too deep is refused alone, whatever its batch is spelled like', async () => {
    const deep = `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`
    for (const name of ['batch', '\\u0062atch']) {
      const body = `{"${name}":[${JSON.stringify(track(`m-${name}`))},{"type":"track","event":"x","userId":"u","properties":${deep}}],"writeKey":"wk_site"}`
      expect(await (await server.post('/v1/batch', body)).json()).toMatchObject({
        rejected: [{ index: 1, code: 'event_too_deep' }],
      })
    }
    const single = await server.post(
      '/v1/track',
      `{"event":"x","userId":"u","writeKey":"wk_site","properties":${deep}}`,
    )
    expect([single.status, await single.json()]).toMatchObject([
      200,
      { rejected: [{ code: 'event_too_deep' }] },
    ])
    expect(server.store.events).toHaveLength(2)
  })

  test('an event with a property __proto__ is refused alone', async () => {
    const body = `{"writeKey":"wk_site","batch":[${JSON.stringify(track('m1', { properties: { text: '__proto__' } }))},{"type":"track","event":"x","userId":"u","properties":{"list":[{"\\u005f_proto__":{"admin":true}}]}},{"__proto__":{"type":"track"},"userId":"u"}]}`
    expect((await (await server.post('/v1/batch', body)).json()).rejected).toEqual([
      { index: 1, code: 'unsafe_key' },
      { index: 2, code: 'unsafe_key' },
    ])
    expect(server.store.events.map(({ messageId }) => messageId)).toEqual(['m1'])
  })
})

describe('events', () => {
  const good = { type: 'track', event: 'x', userId: 'u' }
  test.each([
    ['no_user_anon_id', { type: 'track', event: 'x' }],
    ['no_user_anon_id', { type: 'track', event: 'x', userId: null, groupId: 'g' }],
    ['id_not_string', { ...good, userId: 7 }],
    ['id_not_string', { ...good, userId: '' }],
    ['id_not_string', { ...good, anonymousId: {} }],
    ['event_not_defined', { type: 'track', userId: 'u' }],
    ['event_not_defined', { ...good, event: '' }],
    ['event_not_string', { ...good, event: 5 }],
    ['properties_not_object', { ...good, properties: [] }],
    ['properties_not_object', { type: 'page', userId: 'u', properties: 'x' }],
    ['traits_not_object', { type: 'identify', userId: 'u', traits: 'x' }],
    ['traits_not_object', { type: 'group', userId: 'u', groupId: 'g', traits: [] }],
    ['name_not_string', { type: 'page', userId: 'u', name: '' }],
    ['category_not_string', { type: 'screen', userId: 'u', category: 4 }],
    ['invalid_type', { ...good, type: 'delete' }],
    ['invalid_type', { event: 'x', userId: 'u' }],
    ['invalid_type', { ...good, type: 'constructor' }],
    ['message_not_object', null],
    ['message_not_object', 'text'],
    ['message_not_object', [good]],
    ['message_id_invalid', { ...good, messageId: 5 }],
    ['message_id_invalid', { ...good, messageId: 'a\0b' }],
    ['message_id_invalid', { ...good, messageId: 'x'.repeat(1_001) }],
    ['id_unreadable', { ...good, userId: 'a\0b' }],
  ])('%s: refused, while its neighbors are stored, and told to the operator', async (code, bad) => {
    const reply = await server.post('/v1/batch', batch([track('m1'), bad, track('m2')]))
    expect([reply.status, await reply.json()]).toEqual([
      200,
      { success: true, rejected: [{ index: 1, code }], rejectedCount: 1 },
    ])
    expect(server.store.events.map(({ messageId }) => messageId)).toEqual(['m1', 'm2'])
    expect(server.refusals).toEqual([
      expect.objectContaining({ source: 'site', index: 1, code, event: bad, message: expect.any(String) }),
    ])
    expect(server.ingest.stats().sources.site).toMatchObject({ accepted: 2, refused: { [code]: 1 } })
  })

  test.each([
    ['an empty id beside a good one', { ...good, anonymousId: '' }],
    [
      'null for what is absent',
      { type: 'identify', userId: 'u', anonymousId: null, traits: null, context: null },
    ],
    ['a group without a user', { type: 'group', groupId: 'g' }],
    ['an alias without a user', { type: 'alias', previousId: 'p' }],
    ['a page without a name', { type: 'page', userId: 'u', name: null }],
  ])('%s is taken', async (_, event) => {
    expect(await (await server.post('/v1/batch', batch([event]))).json()).toEqual({ success: true })
    expect(server.store.events).toHaveLength(1)
    for (const name of ['anonymousId', 'traits', 'context', 'name'])
      expect(server.store.events[0]).not.toHaveProperty(name)
  })

  test('what is odd is counted', async () => {
    await server.post(
      '/v1/batch',
      batch([{ type: 'group', groupId: 'g' }, track('m1', { timestamp: 'yesterday', context: 'x' })]),
    )
    expect(server.ingest.stats().sources.site?.warnings).toEqual({
      group_without_user: 1,
      context_not_object: 1,
      bad_timestamp: 1,
    })
  })

  test('a request without one good event can be refused, for those who want the SDK to complain', async () => {
    const strict = await startIngest({
      sources: [{ name: 'site', writeKey: 'wk_site', failWhenAllInvalid: true }],
    })
    expect((await strict.post('/v1/batch', batch([{ type: 'track' }]))).status).toBe(400)
    expect((await strict.post('/v1/batch', batch([{ type: 'track' }, track('m1')]))).status).toBe(200)
    await strict.close()
  })

  test('only the first refusals are listed, so that replies stay small', async () => {
    const reply = await server.post('/v1/batch', batch(Array.from({ length: 3_000 }, () => ({}))))
    const text = await reply.text()
    expect(text.length).toBeLessThan(1_024)
    expect(JSON.parse(text)).toMatchObject({ rejectedCount: 3_000 })
  })
})

describe('the store', () => {
  test('a repeated request stores nothing twice and succeeds', async () => {
    const body = batch([track('m1'), track('m2'), track('m2')])
    expect(await (await server.post('/v1/batch', body)).json()).toEqual({ success: true, duplicates: 1 })
    expect(await (await server.post('/v1/batch', body)).json()).toEqual({ success: true, duplicates: 3 })
    expect(server.store.events).toHaveLength(2)
  })

  test('200 comes after the store has the events, not before', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = await startIngest({ accept: () => gate.then(() => ({})) })
    let hasReply = false
    const reply = slow.post('/v1/batch', batch([track('m1')])).then((result) => {
      hasReply = true
      return result
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([hasReply, slow.ingest.stats().inFlight]).toEqual([false, 1])
    release()
    expect((await reply).status).toBe(200)
    await slow.close()
  })

  test('full: 429 with whole seconds', async () => {
    server.store.failures.push(errorOf('QUEUE_FULL'))
    const reply = await server.post('/v1/batch', batch([track('m1')]))
    expect([reply.status, (await reply.json()).code]).toEqual([429, 'queue_full'])
    const seconds = reply.headers.get('retry-after') ?? ''
    expect(seconds).toMatch(/^[1-9]\d?$/)
    expect(reply.headers.get('x-ratelimit-reset')).toBe(seconds)
  })

  test.each(['QUEUE_UNAVAILABLE', 'QUEUE_CLOSED', 'SQLITE_IOERR'])(
    '%s: 503, and the operator is told',
    async (code) => {
      server.store.failures.push(errorOf(code))
      const reply = await server.post('/v1/batch', batch([track('m1')]))
      expect([reply.status, (await reply.json()).code]).toEqual([503, 'unavailable'])
      expect(server.failures).toHaveLength(1)
      expect((await server.post('/v1/batch', batch([track('m1')]))).status).toBe(200)
    },
  )

  test('one that never replies: 503 after the deadline', async () => {
    const stuck = await startIngest({ accept: () => new Promise(() => {}), storeTimeoutMs: 30 })
    expect((await stuck.post('/v1/batch', batch([track('m1')]))).status).toBe(503)
    await stuck.close()
  })

  test('an event that it cannot keep is found, and the others are stored', async () => {
    const picky = await startIngest({
      accept: async (events) => {
        if (events.some(({ userId }) => userId === 'bad')) throw errorOf('INVALID_DELIVERY')
        stored.push(...events.map(({ messageId }) => messageId as string))
        return {}
      },
    })
    const stored: string[] = []
    const events = Array.from({ length: 21 }, (_, index) =>
      track(`m${index}`, { userId: index % 10 === 7 ? 'bad' : 'u' }),
    )
    expect((await (await picky.post('/v1/batch', batch(events))).json()).rejected).toEqual([
      { index: 7, code: 'refused_by_store' },
      { index: 17, code: 'refused_by_store' },
    ])
    expect(stored).toEqual(events.filter(({ userId }) => userId === 'u').map(({ messageId }) => messageId))
    await picky.close()
  })

  test('a source over its rate is asked to wait', async () => {
    const limited = await startIngest({
      sources: [{ name: 'site', writeKey: 'wk_site', requestsPerSecond: 0.1 }],
    })
    expect((await limited.post('/v1/batch', batch([track('m1')]))).status).toBe(200)
    const reply = await limited.post('/v1/batch', batch([track('m2')]))
    expect([reply.status, (await reply.json()).code]).toEqual([429, 'rate_limited'])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(8)
    await limited.close()
  })

  test('shutting down: new requests get 503, those under way their replies', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const closing = await startIngest({ accept: () => gate.then(() => ({})) })
    const first = closing.post('/v1/batch', batch([track('m1')]))
    while (closing.ingest.stats().inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    let isClosed = false
    const closed = closing.ingest.close().then(() => {
      isClosed = true
    })
    const refused = await closing.post('/v1/batch', batch([track('m2')]))
    expect([refused.status, refused.headers.get('connection'), isClosed]).toEqual([503, 'close', false])
    release()
    expect((await first).status).toBe(200)
    await closed
    await closing.close()
  })
})

describe('CORS', () => {
  const origin = 'https://shop.example'
  test('a preflight allows what the browser asks for', async () => {
    const reply = await fetch(`${server.url}/v1/t`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-retry-count',
      },
    })
    expect(reply.status).toBe(204)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,x-retry-count',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-max-age': '7200',
      vary: 'Origin',
    })
  })

  test('every reply can be read by the page, refusals too', async () => {
    server.store.failures.push(errorOf('QUEUE_FULL'), errorOf('QUEUE_CLOSED'))
    const replies = [
      await server.post('/v1/t', { ...track('m1'), writeKey: 'wk_site' }, { origin }),
      await server.post('/v1/t', { ...track('m1'), writeKey: 'wk_site' }, { origin }),
      await server.post('/v1/t', { ...track('m1'), writeKey: 'wk_site' }, { origin }),
      await server.post('/v1/t', '{', { origin }),
      await server.post('/v1/t', {}, { origin }),
      await server.post('/v1/t', { writeKey: 'wrong' }, { origin }),
      await server.post('/v1/nothing', {}, { origin }),
      await fetch(`${server.url}/v1/t`, { headers: { origin } }),
      await fetch(`${server.url}/v1/projects/none/settings`, { headers: { origin } }),
      await server.post('/v1/t', 'x'.repeat(5_000_000), { origin }),
    ]
    expect(replies.map(({ status }) => status)).toEqual([429, 503, 200, 400, 400, 401, 404, 405, 404, 400])
    for (const { headers } of replies) {
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-expose-headers')).toContain('Retry-After')
    }
  })
})

describe('as a Web handler and as middleware', () => {
  test('`fetch` answers as the server does', async () => {
    const request = (body: string, headers: Record<string, string> = {}) =>
      new Request('http://any/v1/t', { method: 'POST', body, headers })
    const good = await server.ingest.fetch(request(JSON.stringify({ ...track('m1'), writeKey: 'wk_site' })), {
      remoteAddress: '203.0.113.9',
    })
    expect([good.status, await good.json()]).toEqual([200, { success: true }])
    expect(server.store.events[0]?.context).toEqual({ ip: '203.0.113.9' })
    expect((await server.ingest.fetch(request('{'))).status).toBe(400)
    expect((await server.ingest.fetch(request('x'.repeat(5_000_000)))).status).toBe(400)
    expect((await server.ingest.fetch(new Request('http://any/v1/t', { method: 'OPTIONS' }))).status).toBe(
      204,
    )
    expect((await server.ingest.fetch(new Request('http://any/v1/t', { method: 'POST' }))).status).toBe(400)
  })

  test('other paths go to `next`', () => {
    let hasCalled = false
    const incoming = { url: '/healthz', method: 'GET', headers: {}, socket: {} }
    server.ingest.handler(incoming as never, {} as never, () => {
      hasCalled = true
    })
    expect(hasCalled).toBe(true)
  })
})

test('wrong sources are told one by one, without a key', () => {
  const { createIngest } = require('waybill/ingest') as typeof import('waybill/ingest')
  const make =
    (sources: unknown, more = {}) =>
    () =>
      createIngest({ sources: sources as never, accept: async () => ({}), ...more })
  expect(make([])).toThrow('sources: describe at least one source')
  const wrong = make([
    { name: 'a', writeKey: '' },
    { name: 'a', writeKey: 'secret' },
    { writeKey: 'x' },
    { name: 'b', writeKey: ['secret', 'a:b'] },
  ])
  expect(wrong).toThrow(
    'sources[0].writeKey: give a write key: a string that is not empty; sources[1].name: another source is called "a" too; sources[2].name: give the source a name; sources[3].writeKey: the source "a" has the same write key; sources[3].writeKey: a write key holds no colon',
  )
  expect(make([{ name: 'a', writeKey: 'k' }], { publicUrl: 'events.example.com' })).toThrow(
    'publicUrl: give an address',
  )
  expect(make([{ name: 'a', writeKey: 'k' }], { trustedProxies: ['10.0.0.0/99'] })).toThrow(
    'trustedProxies[0]: "10.0.0.0/99"',
  )
})
