import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { errorOf, startIngest, type TestIngest } from '../src/ingest/ingest-server'
import { until } from './browser-page'

// The deprecated SDK is a class that is the module itself.
const DeprecatedAnalytics = require('analytics-node') as new (
  writeKey: string,
  options: { host: string; flushAt?: number },
) => { track(event: object): void; identify(event: object): void; flush(): Promise<unknown> }

let server: TestIngest
beforeEach(async () => {
  server = await startIngest()
})
afterEach(() => server.close())

function sdk(more: object = {}) {
  const analytics = new Analytics({ writeKey: 'wk_site', host: server.url, ...more })
  const errors: { code?: string; reason?: unknown }[] = []
  const requests: { retryCount: unknown }[] = []
  analytics.on('error', (error) => errors.push(error as never))
  analytics.on('http_request', ({ headers }) => requests.push({ retryCount: headers['X-Retry-Count'] }))
  return { analytics, errors, requests }
}
const ids = () => server.store.events.map(({ messageId }) => messageId)

describe('@segment/analytics-node', () => {
  test('all six calls arrive in their order', async () => {
    const { analytics, errors } = sdk()
    analytics.identify({ userId: 'u', traits: { at: new Date(0) } })
    analytics.track({ anonymousId: 'a', event: 'Ordered', timestamp: new Date('2012-12-02T00:30:12.984Z') })
    analytics.page({ userId: 'u', category: 'Docs', name: 'Home' })
    analytics.screen({ userId: 'u', name: 'Main' })
    analytics.group({ userId: 'u', groupId: 'g' })
    analytics.alias({ userId: 'u', previousId: 'p' })
    await analytics.closeAndFlush()
    expect(errors).toEqual([])
    expect(server.store.events.map(({ type }) => type)).toEqual([
      'identify',
      'track',
      'page',
      'screen',
      'group',
      'alias',
    ])
    for (const event of server.store.events)
      expect(event).toMatchObject({
        channel: 'server',
        context: { library: { name: '@segment/analytics-node' } },
      })
    expect(server.store.events[1]?.originalTimestamp).toBe('2012-12-02T00:30:12.984Z')
  })

  test('a failing store is asked again, and stores once', async () => {
    server.store.failures.push(errorOf('QUEUE_UNAVAILABLE'))
    const { analytics, errors, requests } = sdk()
    analytics.track({ userId: 'u', event: 'Ordered' })
    await analytics.closeAndFlush()
    expect([errors.length, ids().length, requests.length]).toEqual([0, 1, 2])
  })

  test('a full store is left alone for as long as it asks', async () => {
    server.store.failures.push(errorOf('QUEUE_FULL'))
    const { analytics, errors } = sdk()
    const start = performance.now()
    analytics.track({ userId: 'u', event: 'Ordered' })
    await analytics.closeAndFlush({ timeout: 20_000 })
    expect(performance.now() - start).toBeGreaterThan(3_900)
    expect([errors.length, ids().length]).toEqual([0, 1])
  })

  test('a reply that is lost makes the SDK send again, and nothing is stored twice', async () => {
    let lost = 0
    const proxy = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', async () => {
        const reply = await fetch(server.url + incoming.url, {
          method: 'POST',
          headers: incoming.headers as never,
          body: Buffer.concat(chunks),
        })
        lost += 1
        if (lost === 1) incoming.socket.destroy()
        else outgoing.writeHead(reply.status).end(await reply.text())
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { analytics, errors } = sdk({ host: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
    for (let count = 0; count < 5; count++) analytics.track({ userId: 'u', event: `e${count}` })
    await analytics.closeAndFlush()
    proxy.close()
    expect([errors.length, lost, ids().length]).toEqual([0, 2, 5])
    expect(server.ingest.stats().sources.site?.duplicates).toBe(5)
  })

  test('an unknown key is told at once', async () => {
    const { analytics, errors, requests } = sdk({ writeKey: 'wk_wrong' })
    analytics.track({ userId: 'u', event: 'Ordered' })
    await analytics.closeAndFlush()
    expect(requests).toHaveLength(1)
    expect(errors).toMatchObject([{ code: 'delivery_failure', reason: { message: '[401] Unauthorized' } }])
  })

  test('an event over the limit harms no other, and the SDK is content', async () => {
    const { analytics, errors } = sdk()
    for (const size of [10, 40_000, 10])
      analytics.track({ userId: 'u', event: 'Ordered', properties: { text: 'a'.repeat(size) } })
    await analytics.closeAndFlush()
    expect([errors.length, ids().length]).toEqual([0, 2])
    expect(server.refusals).toMatchObject([{ code: 'event_too_large', library: '@segment/analytics-node' }])
  })

  test('many events of eight instances are stored once each', async () => {
    const each = process.env.WAYBILL_LONG ? 2_500 : 400
    const instances = Array.from({ length: 8 }, () => sdk({ flushAt: 100 }))
    for (const { analytics } of instances)
      for (let count = 0; count < each; count++) analytics.track({ userId: 'u', event: 'Ordered' })
    await Promise.all(instances.map(({ analytics }) => analytics.closeAndFlush()))
    expect(instances.flatMap(({ errors }) => errors)).toEqual([])
    expect(new Set(ids()).size).toBe(8 * each)
    expect(ids()).toHaveLength(8 * each)
  })
})

test('the deprecated analytics-node is accepted by Basic alone', async () => {
  const analytics = new DeprecatedAnalytics('wk_site', { host: server.url })
  analytics.identify({ userId: 'u', traits: { plan: 'pro' } })
  analytics.track({ userId: 'u', event: 'Ordered', timestamp: new Date('2020-01-01T00:00:00Z') })
  await analytics.flush()
  await until(() => server.store.events.length === 2)
  expect(server.store.events.map(({ type, channel }) => [type, channel])).toEqual([
    ['identify', 'server'],
    ['track', 'server'],
  ])
  expect(server.store.events[1]?.originalTimestamp).toBe('2020-01-01T00:00:00.000Z')
})

/** Requests as the SDKs of phones make them; from their sources. */
describe('phones', () => {
  const event = (library: string) => ({
    type: 'track',
    event: 'Opened',
    messageId: `m-${library}`,
    anonymousId: 'a-1',
    userId: '',
    timestamp: '2026-11-22T11:00:00.000Z',
    context: { library: { name: library, version: '1' }, device: { type: 'android' }, instanceId: 'i' },
    integrations: {},
    _metadata: { bundled: [], unbundled: [], bundledIds: [] },
  })
  test.each([
    [
      'analytics-kotlin',
      '/v1/b',
      { 'content-type': 'text/plain', 'content-encoding': 'gzip', 'user-agent': 'analytics-kotlin/1.24.1' },
    ],
    [
      'analytics-swift',
      '/v1/b',
      { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'analytics-ios/1.9.4' },
    ],
    ['@segment/analytics-react-native', '/v1/b', { 'content-type': 'application/json; charset=utf-8' }],
    [
      'analytics-android',
      '/v1/import',
      {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        authorization: `Basic ${Buffer.from('wk_app:').toString('base64')}`,
      },
    ],
  ])('%s', async (library, path, headers) => {
    // The key comes last, after the batch.
    const text = JSON.stringify({
      batch: [event(library)],
      sentAt: '2026-11-22T11:00:05.000Z',
      ...(path === '/v1/b' && { writeKey: 'wk_app' }),
    })
    const isZipped = 'content-encoding' in headers
    const reply = await server.post(path, isZipped ? gzipSync(text) : text, headers as Record<string, string>)
    expect([reply.status, await reply.json()]).toEqual([200, { success: true }])
    const [stored] = server.store.bySource.get('app') ?? []
    expect(stored).toMatchObject({
      event: 'Opened',
      channel: 'mobile',
      anonymousId: 'a-1',
      originalTimestamp: '2026-11-22T11:00:00.000Z',
    })
    expect(stored).not.toHaveProperty('userId')
    expect(stored?.context?.ip).toBe(path === '/v1/b' ? '127.0.0.1' : undefined)
  })
})
