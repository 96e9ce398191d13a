import type { Plugin as BrowserPlugin } from '@segment/analytics-next'
import { Analytics, type Context, type Plugin } from '@segment/analytics-node'
import type { Outcome } from 'waybill'
import { type AnalyticsPluginOptions, createAnalyticsPlugins } from 'waybill/plugin'
import { startIngest, type TestIngest } from '../ingest/ingest-server'
import { startVendor, type Vendor } from './vendor'
import { connectionTo } from './vendor-connection'

let server: TestIngest
let vendor: Vendor
beforeEach(async () => {
  server = await startIngest()
  vendor = await startVendor({
    bad: { status: 422 },
    slow: { delayMs: 80 },
    hang: { delayMs: Number.POSITIVE_INFINITY },
  })
})
afterEach(async () => {
  await server.close()
  await vendor.close()
})

const analyticsTo = (url: string, more = {}) => new Analytics({ writeKey: 'wk_site', host: url, ...more })

async function register(analytics: Analytics, options: AnalyticsPluginOptions) {
  const outcomes: Outcome[] = []
  const plugins = createAnalyticsPlugins({ onOutcome: (outcome) => outcomes.push(outcome), ...options })
  await analytics.register(...plugins)
  return { outcomes, plugins }
}

const kindsOf = (outcomes: readonly Outcome[], connection: string) =>
  outcomes
    .filter((outcome) => outcome.connection === connection)
    .map(({ kind }) => kind)
    .sort()

test('each plugin gets what the integrations object gives it, and Segment’s server gets all', async () => {
  const analytics = analyticsTo(server.url)
  const errors: unknown[] = []
  analytics.on('error', (error) => errors.push(error))
  const connections = [
    connectionTo(vendor, 'Zaius'),
    connectionTo(vendor, 'Emarsys', { integrationNames: ['Emarsys (Actions)'] }),
    { ...connectionTo(vendor, 'Broken'), settings: {} },
  ]
  const { outcomes } = await register(analytics, { connections })
  const contexts: Context[] = []
  const keep = (_: unknown, context?: Context) => context && contexts.push(context)
  analytics.identify({ userId: 'u', traits: { at: new Date(0) } }, keep)
  analytics.track({ userId: 'u', event: 'ok' }, keep)
  analytics.page({ userId: 'u', integrations: { Emarsys: false } }, keep)
  analytics.track({ userId: 'u', event: 'bad', integrations: { All: false, Zaius: true } }, keep)
  analytics.screen(
    { userId: 'u', integrations: { All: false, 'Emarsys (Actions)': { option: 1 } as never } },
    keep,
  )
  analytics.group({ userId: 'u', groupId: 'g', integrations: { All: false } }, keep)
  analytics.alias({ userId: 'u', previousId: 'p', integrations: { Zaius: false } }, keep)
  await analytics.closeAndFlush()

  expect(server.store.events).toHaveLength(7)
  expect(vendor.of('Zaius').map(({ type, event }) => event ?? type)).toEqual([
    'identify',
    'ok',
    'page',
    'bad',
  ])
  expect(vendor.of('Emarsys').map(({ type, event }) => event ?? type)).toEqual([
    'identify',
    'ok',
    'screen',
    'alias',
  ])
  expect(kindsOf(outcomes, 'zaius')).toEqual(['delivered', 'delivered', 'delivered', 'rejected'])
  expect(kindsOf(outcomes, 'emarsys')).toEqual(Array(4).fill('delivered'))
  expect(outcomes.filter(({ connection }) => connection === 'broken')).toEqual(
    Array(4).fill(
      expect.objectContaining({ kind: 'retry', owner: 'configuration', code: 'INVALID_SETTINGS' }),
    ),
  )
  expect(errors).toEqual([])
  const ids = server.store.events.map(({ messageId }) => messageId)
  for (const { messageId } of vendor.of('Zaius')) expect(ids).toContain(messageId)
  const logs = contexts
    .flatMap((context) => context.logs())
    .filter(({ message }) => message === 'waybill: rejected')
  expect(logs).toMatchObject([{ level: 'error', extras: { plugin: 'Zaius', outcome: { status: 422 } } }])
})

test('events look as they would through the server, dates as strings', async () => {
  const analytics = analyticsTo(server.url)
  await register(analytics, { connections: [connectionTo(vendor, 'Zaius')] })
  analytics.track({ userId: 'u', event: 'ok', properties: { at: new Date(0) }, timestamp: new Date(5_000) })
  await analytics.closeAndFlush()
  const [through] = server.store.events
  const [direct] = vendor.of('Zaius')
  const { timestamp, sentAt, receivedAt, ...rest } = direct ?? {}
  expect(through).toMatchObject({ ...rest, originalTimestamp: '1970-01-01T00:00:05.000Z' })
  expect(Object.keys(direct ?? {}).sort()).toEqual(Object.keys(through ?? {}).sort())
})

test('a person’s events are delivered in order, though the SDK calls for all at once', async () => {
  const analytics = analyticsTo(server.url, { disable: true })
  await register(analytics, { connections: [connectionTo(vendor, 'Zaius')] })
  analytics.track({ userId: 'u', event: 'slow' })
  for (const event of ['one', 'two', 'three']) analytics.track({ userId: 'u', event })
  await analytics.closeAndFlush()
  expect(vendor.calls.map(({ event }) => event.event)).toEqual(['slow', 'one', 'two', 'three'])
})

test.each([
  ['disable', { disable: true }, async () => undefined],
  ['deregister', {}, (analytics: Analytics) => analytics.deregister('Segment.io')],
])('without Segment (%s) the vendor still gets events', async (_, options, prepare) => {
  const analytics = analyticsTo(server.url, options)
  await register(analytics, { connections: [connectionTo(vendor, 'Zaius')] })
  await prepare(analytics)
  analytics.track({ userId: 'u', event: 'ok' })
  await analytics.closeAndFlush()
  expect([vendor.calls.length, server.store.events.length]).toEqual([1, 0])
})

test('the SDK and the runtime decide alike about nine integrations objects', async () => {
  const integrations = [
    {},
    { All: true },
    { All: false },
    { All: false, Zaius: true },
    { Zaius: false },
    { Zaius: {} },
    { zaius: false },
    { All: false, 'Zaius (Actions)': true },
    { All: true, 'Zaius (Actions)': false },
  ]
  const connection = connectionTo(vendor, 'Zaius', { integrationNames: ['Zaius (Actions)'] })
  const analytics = analyticsTo(server.url, { disable: true })
  await register(analytics, { connections: [connection] })
  for (const [index, object] of integrations.entries())
    analytics.track({ userId: 'u', event: `e${index}`, integrations: object as never })
  await analytics.closeAndFlush()
  const throughSdk = new Set(vendor.calls.map(({ event }) => event.event))
  const { createRuntime } = require('waybill') as typeof import('waybill')
  const runtime = createRuntime({ connections: [connection] })
  const outcomes = await runtime.send(
    integrations.map((object, index) => ({
      type: 'track',
      messageId: `m${index}`,
      userId: 'u',
      event: `e${index}`,
      integrations: object,
    })),
  )
  await runtime.close()
  expect(outcomes.map(({ kind }) => kind === 'delivered')).toEqual(
    integrations.map((_, index) => throughSdk.has(`e${index}`)),
  )
  expect(throughSdk.size).toBe(6)
})

test('a vendor that hangs ends the event at the deadline, and flush returns', async () => {
  const analytics = analyticsTo(server.url, { disable: true })
  const { outcomes, plugins } = await register(analytics, {
    connections: [connectionTo(vendor, 'Zaius')],
    deadlineMs: 100,
  })
  analytics.track({ userId: 'u', event: 'hang' })
  await analytics.closeAndFlush()
  await plugins[0]?.flush()
  expect(outcomes).toEqual([expect.objectContaining({ kind: expect.stringMatching(/^(unknown|retry)$/) })])
})

test('failures can be told through the SDK’s own callback', async () => {
  const analytics = analyticsTo(server.url, { disable: true })
  await register(analytics, { connections: [connectionTo(vendor, 'Zaius')], failEvents: true })
  const reasons: unknown[] = []
  analytics.track({ userId: 'u', event: 'bad' }, (error) => reasons.push(error))
  analytics.track({ userId: 'u', event: 'ok' }, (error) => reasons.push(error))
  await analytics.closeAndFlush()
  expect(reasons.filter((reason) => reason !== undefined)).toEqual([
    expect.objectContaining({ kind: 'rejected', status: 422 }),
  ])
})

test('an event that is no data, and a listener that throws, harm nothing else', async () => {
  const [plugin] = createAnalyticsPlugins({
    connections: [connectionTo(vendor, 'Zaius')],
    onOutcome: () => {
      throw new Error('listener')
    },
  })
  const event: Record<string, unknown> = { type: 'track', event: 'ok', userId: 'u', messageId: 'm' }
  const logs: string[] = []
  const context = { event, log: (_: string, message: string) => logs.push(message) }
  expect(await plugin?.track(context)).toBe(context)
  event.self = event
  await plugin?.track(context)
  await plugin?.unload()
  await plugin?.track({ ...context, event: { ...event, self: undefined } })
  expect(logs).toEqual(['waybill: invalid', 'waybill: retry'])
  expect(vendor.calls).toHaveLength(1)
})

test('what is no list of connections is refused by the factory', () => {
  expect(() => createAnalyticsPlugins({ connections: undefined as never })).toThrow(
    'connections: give a list of connections',
  )
  expect(() => createAnalyticsPlugins({ connections: [{}] as never })).toThrow(
    'connections[0].destination: give a destination definition',
  )
})

test('the plugin fits both SDKs’ types and carries the version of the package', () => {
  const plugins = createAnalyticsPlugins({ connections: [connectionTo(vendor, 'Zaius')] })
  const node: Plugin[] = plugins
  const browser: BrowserPlugin[] = plugins
  expect([node[0]?.version, browser[0]?.type]).toEqual([
    require('../../../package.json').version,
    'destination',
  ])
})
