import { createClientAddress } from '../../../src/ingest/client-address'
import { readTime } from '../../../src/ingest/stamp-event'
import { startIngest, type TestIngest } from './ingest-server'

const receivedAt = Date.parse('2026-11-22T12:00:00.000Z')
let server: TestIngest
beforeEach(async () => {
  server = await startIngest({ now: () => receivedAt, trustedProxies: ['loopback'] })
})
afterEach(() => server.close())

const event = { type: 'track', event: 'x', userId: 'u' }
async function stored(path: string, body: object, headers: Record<string, string> = {}) {
  expect((await server.post(path, { writeKey: 'wk_site', ...body }, headers)).status).toBe(200)
  return server.store.events[server.store.events.length - 1]
}

describe('times', () => {
  test.each([
    [
      'a clock two hours ahead is corrected',
      { timestamp: '2026-11-22T13:59:30.000Z' },
      '2026-11-22T14:00:00.000Z',
      '2026-11-22T11:59:30.000Z',
    ],
    [
      'a historical event without sentAt stays as it is',
      { timestamp: '2012-12-02T00:30:12.984Z' },
      undefined,
      '2012-12-02T00:30:12.984Z',
    ],
    ['no timestamp: when it was received', {}, '2026-11-22T14:00:00.000Z', '2026-11-22T12:00:00.000Z'],
    [
      'a bad timestamp counts as absent',
      { timestamp: 'yesterday' },
      '2026-11-22T14:00:00.000Z',
      '2026-11-22T12:00:00.000Z',
    ],
    ['a bad sentAt counts as absent', { timestamp: '2026-11-22T11:00:00Z' }, 'soon', '2026-11-22T11:00:00Z'],
    [
      'an original timestamp alone is the timestamp',
      { originalTimestamp: '2026-11-22T11:00:00Z' },
      undefined,
      '2026-11-22T11:00:00Z',
    ],
  ])('%s', async (_, times, sentAt, timestamp) => {
    const result = await stored('/v1/batch', { batch: [{ ...event, ...times }], sentAt })
    expect(result).toMatchObject({ timestamp, receivedAt: '2026-11-22T12:00:00.000Z' })
    const original =
      (times as { timestamp?: string; originalTimestamp?: string }).timestamp ??
      (times as { originalTimestamp?: string }).originalTimestamp
    expect(result?.originalTimestamp).toBe(
      original === undefined || original === 'yesterday' ? '2026-11-22T12:00:00.000Z' : original,
    )
    expect(result?.sentAt).toBe(sentAt === 'soon' ? undefined : sentAt)
  })

  test('the timestamp at the root of a batch, which the deprecated node SDK sends, is not that of its events', async () => {
    expect(await stored('/v1/batch', { batch: [event], timestamp: '2001-01-01T00:00:00Z' })).toMatchObject({
      timestamp: '2026-11-22T12:00:00.000Z',
    })
  })

  test('a single event brings its own sentAt', async () => {
    const times = { timestamp: '2026-11-22T13:59:30.000Z', sentAt: '2026-11-22T14:00:00.000Z' }
    expect(await stored('/v1/t', { ...event, ...times })).toMatchObject({
      timestamp: '2026-11-22T11:59:30.000Z',
      sentAt: times.sentAt,
    })
  })

  test.each([
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2026-11-22T10:00:00', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22 10:00:00.5+02:00', Date.UTC(2026, 10, 22, 8, 0, 0, 500)],
    ['Sun, 22 Nov 2026 10:00:00 GMT', Date.UTC(2026, 10, 22, 10)],
    ['2026-13-45', undefined],
    ['12/02/2026', undefined],
    ['1', undefined],
    [1_700_000_000, undefined],
  ])('%s is read as %s', (text, time) => {
    expect(readTime(text)).toBe(time)
  })
})

describe('context', () => {
  test('a message id is made where none came, another for each event', async () => {
    await stored('/v1/batch', { batch: [event, { ...event, messageId: '' }] })
    const ids = server.store.events.map(({ messageId }) => messageId)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^waybill-[0-9a-f-]{36}$/)
  })

  test('context and integrations of the batch are merged into the events, whose own win', async () => {
    const own = { context: { locale: 'de', app: { name: 'a' } }, integrations: { All: true } }
    const result = await stored('/v1/batch', {
      batch: [{ ...event, ...own }],
      context: { locale: 'en', timezone: 'UTC' },
      integrations: { All: false, Zaius: false },
    })
    expect(result).toMatchObject({
      context: { locale: 'de', app: { name: 'a' }, timezone: 'UTC' },
      integrations: { All: true, Zaius: false },
    })
  })

  test('the address is that of clients, not of servers, unless they say that they are direct', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7' }
    expect((await stored('/v1/t', event, from))?.context).toEqual({ ip: '198.51.100.7' })
    expect((await stored('/v1/track', event, from))?.context).toBeUndefined()
    expect((await stored('/v1/track', { ...event, context: { direct: true } }, from))?.context).toMatchObject(
      { ip: '198.51.100.7' },
    )
    expect((await stored('/v1/t', { ...event, context: { ip: '192.0.2.1' } }, from))?.context).toEqual({
      ip: '192.0.2.1',
    })
  })

  test.each([
    ['/v1/b', 'analytics.js', 'browser'],
    ['/v1/b', 'analytics-kotlin', 'mobile'],
    ['/v1/b', 'analytics-ios', 'mobile'],
    ['/v1/b', '@segment/analytics-react-native', 'mobile'],
    ['/v1/import', 'analytics-android', 'mobile'],
    ['/v1/batch', '@segment/analytics-node', 'server'],
    ['/v1/batch', undefined, 'server'],
    ['/v1/b', undefined, 'browser'],
  ])('%s from %s is of the channel %s', async (path, name, channel) => {
    expect((await stored(path, { batch: [{ ...event, context: { library: { name } } }] }))?.channel).toBe(
      channel,
    )
  })
})

describe('addresses behind proxies', () => {
  const behind = createClientAddress(['10.0.0.0/8', 'loopback', 'fd00::/8'])
  test.each([
    ['203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:10.0.0.1', '198.51.100.7, 10.1.1.1', '198.51.100.7'],
    ['127.0.0.1', '1.1.1.1, 198.51.100.7, 10.1.1.1', '198.51.100.7'],
    ['::1', '2001:db8::1', '2001:db8::1'],
    ['fd00::2', 'nonsense', 'fd00::2'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    [undefined, '198.51.100.7', undefined],
  ])('peer %s, forwarded for %s: %s', (peer, forwardedFor, address) => {
    expect(behind(peer, forwardedFor)).toBe(address)
  })

  test('by default nobody is believed', () => {
    expect(createClientAddress()('127.0.0.1', '198.51.100.7')).toBe('127.0.0.1')
  })
})
