import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type Connection, createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import {
  type Access,
  type ConnectionStatus,
  type Console,
  createConsole,
  createConsoleSource,
  createRecorder,
  type RecordedAttempt,
} from 'waybill/console'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { listEmulators, loadDemoVendor } from 'waybill/emulators'
import { createManifest } from 'waybill/manifest'
import { type Claimed, createMemoryStore, type Settlement } from 'waybill/queue'
import { createTally } from 'waybill/telemetry'
import { createSampleEvents, type DemoVendor, sampleSettings } from 'waybill/testing'
import { personOf } from '../../../src/console/source/outcome-rows'
import { openForExplanation } from '../../../src/explain/open-for-explanation'
import { attemptRecord } from '../../../src/runtime/dispatch/outcome-of'

export type WorldConnection = {
  readonly name: string
  readonly slug: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly subscriptions?: Connection['subscriptions']
  readonly ordering?: 'user' | 'none'
}

export type WorldOptions = {
  readonly connections: readonly WorldConnection[]
  readonly access?: Access
  readonly port?: number
  readonly environment?: string
}

const folder = resolve(__dirname, '../../../dist/console')
const chunk = 50
const blockMs = 60_000

/** A console over real emulators, a real store and the real runtime, which delivers one event after another. */
export async function startWorld(options: WorldOptions) {
  const vendors = new Map<string, DemoVendor>()
  for (const slug of listEmulators()) vendors.set(slug, await loadDemoVendor(slug)())
  const settingsOf = (slug: string): Record<string, unknown> => {
    const vendor = vendors.get(slug)
    const values = Object.values(vendor?.environment ?? {})
    const definition = loadDestination(slug)
    const key =
      Object.entries(definition.authentication?.fields ?? {}).find(
        ([, field]) => (field as { type?: string }).type === 'password',
      )?.[0] ?? 'apiKey'
    const endpoint = values.find((value) => value.startsWith('http'))
    return { [key]: values[0], ...(endpoint !== undefined && { endpoint }), ...vendor?.settings }
  }
  let connections: readonly Connection[] = options.connections.map(
    ({ name, slug, settings, subscriptions = 'presets', ordering }) => ({
      name,
      destination: loadDestination(slug),
      settings: { ...settingsOf(slug), ...settings },
      subscriptions,
      ...(ordering !== undefined && { ordering }),
    }),
  )
  const store = createMemoryStore()
  const tally = createTally()
  const recorder = createRecorder(tally)
  const status = new Map<string, { block?: ConnectionStatus['block']; pause?: ConnectionStatus['pause'] }>()
  const statusOf = (name: string) => status.get(name) ?? {}
  const runtimes = new Map<
    string,
    {
      runtime: ReturnType<typeof createRuntime>
      exchanges: NonNullable<RecordedAttempt['exchanges']>[number][]
    }
  >()
  const runtimeOf = (connection: Connection) => {
    const name = connection.name as string
    let known = runtimes.get(name)
    if (known === undefined) {
      const exchanges: NonNullable<RecordedAttempt['exchanges']>[number][] = []
      const recording = async (url: Parameters<typeof fetch>[0], init: RequestInit = {}) => {
        const startedAt = performance.now()
        const response = await fetch(url, init)
        const body = await response.clone().text()
        exchanges.push({
          method: init.method ?? 'GET',
          url: String(url),
          requestHeaders: Object.fromEntries(
            [...new Headers(init.headers)].map(([key, value]) => [key, /key|auth/.test(key) ? '***' : value]),
          ),
          ...(init.body != null && { requestBody: Buffer.from(init.body as Uint8Array).toString() }),
          status: response.status,
          responseHeaders: Object.fromEntries(response.headers),
          responseBody: body,
          durationMs: performance.now() - startedAt,
          isCut: false,
        })
        return response
      }
      known = {
        runtime: createRuntime({ connections: [connection], fetch: recording as typeof fetch }),
        exchanges,
      }
      runtimes.set(name, known)
    }
    return known
  }

  async function deliver({ delivery, lease }: Claimed): Promise<Settlement> {
    const connection = connections.find(({ name }) => name === delivery.connection) as Connection
    const { runtime, exchanges } = runtimeOf(connection)
    exchanges.length = 0
    const startedAt = Date.now()
    let found: Outcome | undefined
    await runtime.stream([[delivery.event]], {
      only: () => ({
        connection: delivery.connection,
        subscription: delivery.subscription,
        idempotencyKey: delivery.idempotencyKey,
      }),
      onOutcome: (outcome) => {
        found = outcome
      },
    })
    if (found === undefined) return { lease, kind: 'done' }
    const { attempt } = found as Outcome
    const outcome = { ...(found as Outcome), attempt: attempt === 0 ? 0 : delivery.attempt + 1 } as Outcome
    const afterMs = outcome.kind === 'retry' ? (outcome.afterMs ?? 2_000 * 2 ** delivery.attempt) : undefined
    const again = afterMs !== undefined && delivery.attempt < 6
    if (outcome.attempt > 0 && outcome.kind !== 'invalid')
      recorder.attempted({
        outcome,
        event: delivery.event,
        startedAt,
        endedAt: Date.now(),
        receivedAt: delivery.receivedAt,
        exchanges: [...exchanges],
        ...(again && { nextAfterMs: afterMs }),
      })
    if (outcome.kind === 'blocked') {
      const known = statusOf(delivery.connection).block
      const block = {
        since: known?.since ?? Date.now(),
        until: Date.now() + blockMs,
        message: outcome.message,
        code: outcome.code,
        ...(outcome.status !== undefined && { status: outcome.status }),
      }
      status.set(delivery.connection, { ...statusOf(delivery.connection), block })
      await store.queue.hold({ connection: delivery.connection }, block.until, 'blocked')
      return {
        lease,
        kind: 'again',
        afterMs: 100,
        unknown: false,
        record: attemptRecord(outcome, Date.now(), 100),
      }
    }
    if (again)
      return {
        lease,
        kind: 'again',
        afterMs: afterMs as number,
        unknown: false,
        record: attemptRecord(outcome, Date.now(), afterMs as number),
      }
    status.set(delivery.connection, { ...statusOf(delivery.connection), block: undefined })
    recorder.ended(outcome, delivery.event, delivery.receivedAt)
    if (outcome.kind === 'delivered' || outcome.kind === 'skipped') return { lease, kind: 'done', outcome }
    return { lease, kind: 'dead', reason: outcome.code, outcome }
  }

  const controller = new AbortController()
  const work = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      const claims = await store.queue
        .claim({ max: chunk, leaseMs: 60_000, signal: controller.signal })
        .catch(() => [])
      const byConnection = new Map<string, Claimed[]>()
      for (const claim of claims)
        byConnection.set(claim.delivery.connection, [
          ...(byConnection.get(claim.delivery.connection) ?? []),
          claim,
        ])
      await Promise.all(
        [...byConnection.values()].map(async (list) => {
          for (const claim of list) await store.queue.settle([await deliver(claim)]).catch(() => undefined)
        }),
      )
    }
  }
  const working = work()

  async function send(events: readonly SegmentEvent[]): Promise<void> {
    for (const event of events) {
      const receivedAt = Date.now()
      recorder.received(event, 'web', receivedAt)
      const deliveries = connections.flatMap((connection) => {
        const opened = openForExplanation(connection)
        if (opened.skips(event) !== undefined) return []
        return opened.subscriptions
          .filter((each) => each.isEnabled && each.matches(event))
          .map((each, index) => ({
            event,
            connection: connection.name as string,
            subscription: each.name,
            idempotencyKey: index === 0 ? (event.messageId as string) : `${event.messageId}-${each.name}`,
            attempt: 0,
            receivedAt,
            firstAttemptAt: 0,
            history: [],
            ...((connection.ordering ?? connection.destination.ordering) === 'user'
              ? { person: personOf(event) }
              : {}),
          }))
      })
      if (deliveries.length > 0) await store.queue.put(deliveries)
    }
  }

  const manifest = createManifest(listDestinations().map(loadDestination))
  const destinations = new Map(
    listDestinations().map((slug) => {
      const definition = loadDestination(slug)
      return [
        slug,
        {
          definition,
          sampleSettings: sampleSettings(
            definition.authentication?.fields as Parameters<typeof sampleSettings>[0],
          ),
          manifest: manifest.destinations[slug] as (typeof manifest.destinations)[string],
          emulatorSettings: () => settingsOf(slug),
        },
      ]
    }),
  )
  const samples = createSampleEvents()
  let onReload: () => readonly Connection[] = () => connections
  const source = createConsoleSource({
    about: () => ({
      version: '0.1.0',
      environment: options.environment ?? 'local',
      store: { kind: 'memory', durable: false },
      ingest: { url, writeKey: 'wk_local_4f2a' },
    }),
    runtime: {
      connections: () => connections,
      status: () =>
        [...status].map(([name, each]) => ({
          name,
          ...(each.block && { block: each.block }),
          ...(each.pause && { pause: each.pause }),
        })),
      async pause(name, by) {
        status.set(name, { ...statusOf(name), pause: { since: Date.now(), by } })
        await store.queue.hold({ connection: name }, Number.MAX_SAFE_INTEGER, 'paused')
      },
      async resume(name) {
        status.set(name, { ...statusOf(name), pause: undefined })
        await store.queue.hold({ connection: name }, 'released')
      },
      async tryNow(name) {
        status.set(name, { ...statusOf(name), block: undefined })
        await store.queue.hold({ connection: name }, 'released')
      },
      async testAuthentication(name) {
        const connection = connections.find((each) => each.name === name) as Connection
        const result = await runtimeOf(connection).runtime.connection(name).testAuthentication()
        const at = new Date().toISOString()
        return result.ok
          ? { ok: true, at }
          : { ok: false, at, message: 'message' in result ? String(result.message) : 'refused' }
      },
    },
    store,
    recorder,
    tally,
    deadKeptMs: 30 * 86_400_000,
    settingOrigin: (_name, key) => (/key/i.test(key) ? 'VENDOR_KEY' : 'file'),
    destinations: () => destinations,
    vendors: () =>
      [...vendors].flatMap(([slug, { name, inspection }]) =>
        inspection === undefined ? [] : [{ slug, name, inspection }],
      ),
    samples: () => [
      { name: 'identify', event: samples.identify() },
      { name: 'Order Completed', event: samples.track('Order Completed') },
      { name: 'Product Added', event: samples.track('Product Added') },
      { name: 'page', event: samples.page() },
    ],
    async reload() {
      connections = onReload()
      runtimes.clear()
      for (const name of status.keys()) {
        status.set(name, { ...statusOf(name), block: undefined })
        if (!statusOf(name).pause) await store.queue.hold({ connection: name }, 'released')
      }
      return ['settings']
    },
    async sendSamples() {
      await send(Array.from({ length: 100 }, () => samples.track('Order Completed')))
      return 100
    },
  })
  let url = ''
  let server: Server | undefined
  let open: Console | undefined
  async function listen(port = options.port ?? 0): Promise<void> {
    open = createConsole({
      source,
      access: options.access ?? {},
      folder,
      tally,
      port: () => (server?.address() as AddressInfo | null)?.port,
    })
    const current = open
    server = createServer(getRequestListener((request) => current.fetch(request)))
    await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  async function stopListening(): Promise<void> {
    open?.close()
    server?.closeAllConnections()
    await new Promise((done) => server?.close(done))
  }
  await listen()
  return {
    get url() {
      return url
    },
    get port() {
      return Number(new URL(url).port)
    },
    send,
    store,
    recorder,
    tally,
    source,
    vendors,
    samples,
    settingsOf,
    listen,
    stopListening,
    get connections() {
      return connections
    },
    onReload: (make: () => readonly Connection[]) => {
      onReload = make
    },
    async close() {
      controller.abort()
      await store.close()
      await working
      await stopListening()
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()))
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** Where the page is built to. */
export const pageFolder = join(folder, 'index.html')
