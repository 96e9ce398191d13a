import type { Browser, BrowserContext } from 'playwright-core'
import { errorOf, startIngest, type TestIngest } from '../src/ingest/ingest-server'
import { startVendor, type Vendor } from '../src/plugin/vendor'
import { describeInChromium, launchChromium } from '../support/chromium'
import { bundle, openPage, startSite, until } from './browser-page'

/** The SDK, and the plugin with a destination for each name, as a site would bundle them. */
const script = `
  import { AnalyticsBrowser } from '@segment/analytics-next'
  import { createAnalyticsPlugins } from 'waybill/plugin'
  import { connectionTo } from './__tests__/src/plugin/vendor-connection'
  const w = window as any
  w.start = (host: string, settings: any = {}, options: any = {}) => {
    w.problems = []
    w.analytics = AnalyticsBrowser.load({ writeKey: 'wk_site', cdnURL: host, ...settings }, options)
    w.analytics.on('error', (error: any) => w.problems.push(error.code ?? String(error)))
  }
  w.plugins = (url: string, names: string[], options: any) =>
    createAnalyticsPlugins({ connections: names.map((name) => connectionTo({ url }, name)), ...options })
`
// biome-ignore lint/suspicious/noExplicitAny: functions that run in the page
type InPage = any
declare const window: InPage

const sixCalls = async () => {
  const { analytics } = window
  await analytics.identify('u1', { email: 'u@example.com' })
  await Promise.all([
    analytics.track('Ordered', { total: 5 }),
    analytics.page('Docs', 'Home'),
    analytics.screen('Main'),
    analytics.group('g1', { name: 'Initech' }),
    analytics.alias('new', 'old'),
  ])
}
const typesOf = ({ store }: TestIngest) => store.events.map(({ type }) => type).sort()
const allTypes = ['alias', 'group', 'identify', 'page', 'screen', 'track']

describeInChromium('@segment/analytics-next in Chromium', () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof startSite>>
  beforeAll(async () => {
    browser = await launchChromium()
    site = await startSite((await bundle(script)).text)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  let server: TestIngest
  let vendor: Vendor
  let context: BrowserContext
  beforeEach(async () => {
    server = await startIngest()
    await server.close()
    const port = Number(new URL(server.url).port)
    // The settings name the address under which the server was found.
    server = await startIngestOn(port)
    vendor = await startVendor()
    context = await browser.newContext()
  })
  afterEach(async () => {
    await context.close()
    await server.close()
    await vendor.close()
  })

  async function startIngestOn(port: number): Promise<TestIngest> {
    const started = await startIngest({ publicUrl: `http://127.0.0.1:${port}` }, port)
    return started
  }

  test('all six calls arrive at the short routes, each after its preflight, and nothing goes elsewhere', async () => {
    const { page, requests, hosts, errors } = await openPage(context, site.url)
    await page.evaluate((url) => window.start(url), server.url)
    await page.evaluate(sixCalls)
    await until(() => server.store.events.length === 6)
    expect(typesOf(server)).toEqual(allTypes)
    for (const { channel, context: own } of server.store.events) {
      expect(channel).toBe('browser')
      expect(own).toMatchObject({ ip: '127.0.0.1', library: { name: 'analytics.js' } })
    }
    const posts = requests.filter(({ method }) => method === 'POST').map(({ url }) => new URL(url).pathname)
    expect(posts.sort()).toEqual(['/v1/a', '/v1/g', '/v1/i', '/v1/p', '/v1/s', '/v1/t'])
    await page.waitForTimeout(process.env.WAYBILL_LONG ? 40_000 : 500)
    expect(hosts()).toEqual(['127.0.0.1'])
    expect([errors, await page.evaluate(() => window.problems)]).toEqual([[], []])
  })

  test('batches arrive, those of a tab that is closed too', async () => {
    const { page, hosts } = await openPage(context, site.url)
    const options = {
      integrations: {
        'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 20, timeout: 60_000 } } },
      },
    }
    await page.evaluate(([url, more]) => window.start(url, {}, more), [server.url, options] as const)
    await page.evaluate(sixCalls)
    expect(server.store.events).toHaveLength(0)
    await page.close({ runBeforeUnload: true })
    await until(() => server.store.events.length === 6)
    expect(typesOf(server)).toEqual(allTypes)
    expect(server.ingest.stats().sources.site?.requests).toBe(1)
    expect(hosts()).toEqual(['127.0.0.1'])
  })

  test('credentials, keepalive and a content type of its own do not hinder it', async () => {
    const { page } = await openPage(context, site.url)
    const fetchOptions = {
      credentials: 'include',
      keepalive: true,
      headers: { 'Content-Type': 'application/json' },
    }
    const options = { integrations: { 'Segment.io': { deliveryStrategy: { config: fetchOptions } } } }
    await page.evaluate(([url, more]) => window.start(url, {}, more), [server.url, options] as const)
    await page.evaluate(sixCalls)
    await until(() => server.store.events.length === 6)
  })

  test('a full store makes it wait as long as it is told, and come again once', async () => {
    const { page } = await openPage(context, site.url)
    await page.evaluate((url) => window.start(url), server.url)
    await page.evaluate(() => window.analytics.ready())
    server.store.failures.push(errorOf('QUEUE_FULL'))
    const start = performance.now()
    const ended = page.evaluate(() => window.analytics.track('Ordered'))
    await until(() => server.ingest.stats().failures.queue_full === 1)
    const waitedFrom = performance.now()
    await until(() => server.store.events.length === 1)
    await ended
    expect(performance.now() - waitedFrom).toBeGreaterThan(3_500)
    expect(performance.now() - start).toBeLessThan(12_000)
    expect(server.ingest.stats().sources.site).toMatchObject({ accepted: 1, duplicates: 0 })
  })

  test('a refusal is told to the page at once, and not repeated', async () => {
    const { page, requests } = await openPage(context, site.url)
    const settings = {
      cdnSettings: {
        integrations: {
          'Segment.io': { apiKey: 'wk_wrong', apiHost: `${server.url.slice(7)}/v1`, protocol: 'http' },
        },
        metrics: { sampleRate: 0 },
      },
    }
    await page.evaluate(([url, more]) => window.start(url, more), [server.url, settings] as const)
    await page.evaluate(() => window.analytics.track('Ordered'))
    await page.waitForFunction(() => window.problems.length > 0)
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(server.ingest.stats().failures).toEqual({ invalid_write_key: 1 })
  })

  test('plugins deliver from the page, with and without Segment', async () => {
    const { page, hosts, errors } = await openPage(context, site.url)
    const refusal = await page.evaluate((url) => {
      try {
        window.plugins(url, ['Zaius'], {})
        return 'nothing was refused'
      } catch (error) {
        return (error as Error).message
      }
    }, vendor.url)
    expect(refusal).toBe(
      'connections[0].settings.key is a secret, and everybody can read it on a page: send to a server of yours instead, or pass allowPublicSecrets: true',
    )
    await page.evaluate(
      ([host, url]) =>
        window.start(
          host,
          { plugins: window.plugins(url, ['Zaius', 'Emarsys'], { allowPublicSecrets: true }) },
          { integrations: { All: false, Zaius: true } },
        ),
      [server.url, vendor.url] as const,
    )
    await page.evaluate(sixCalls)
    await until(() => vendor.of('Zaius').length === 6)
    expect([vendor.of('Emarsys').length, server.store.events.length]).toEqual([0, 0])
    expect(vendor.of('Zaius')[0]).toMatchObject({ type: 'identify', userId: 'u1', channel: 'browser' })
    expect([hosts(), errors]).toEqual([['127.0.0.1'], []])
  })
})

test('the plugin brings no Node built-in and no undici into a bundle, and stays below 125 KB compressed', async () => {
  const { text, inputs } = await bundle(
    "import { createAnalyticsPlugins } from 'waybill/plugin'; console.log(createAnalyticsPlugins)",
  )
  expect(
    inputs.filter((name) => /undici\/|http-transport|zlib|^node_modules\/@segment\/actions-core/.test(name)),
  ).toEqual([])
  expect(text).not.toMatch(/require\("node:|from"node:/)
  const { gzipSync } = require('node:zlib') as typeof import('node:zlib')
  expect(gzipSync(text).length).toBeLessThan(125_000)
})
