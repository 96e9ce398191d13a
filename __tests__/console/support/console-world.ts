import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import {
  type Connection,
  createRuntime,
  type Runtime,
  type RuntimeListeners,
  type SegmentEvent,
} from 'waybill'
import type { Access } from 'waybill/console'
import { loadDestination } from 'waybill/destinations'
import { listEmulators, loadDemoVendor } from 'waybill/emulators'
import { createMemoryStore } from 'waybill/queue'
import type { DemoVendor } from 'waybill/testing'
import { createServeConsole, type ServeConsole } from '../../../src/cli/console/serve-console'
import { emulatorSettings } from '../../../src/cli/console/testable-destinations'

export type WorldConnection = Partial<Omit<Connection, 'destination'>> & {
  readonly name: string
  readonly slug: string
}

export type WorldOptions = {
  readonly connections: readonly WorldConnection[]
  readonly access?: Access
  readonly port?: number
  readonly environment?: string
  /** What a reload of the configuration gives. */
  readonly reload?: () => readonly WorldConnection[]
}

/** Where the browser application is built to. */
export const builtFolder = resolve(__dirname, '../../../dist/console')

/** A console over real emulators, a real store and the real runtime, as `waybill serve` joins them. */
export async function startWorld(options: WorldOptions) {
  const vendors = new Map<string, DemoVendor>()
  for (const slug of listEmulators()) vendors.set(slug, await loadDemoVendor(slug)())
  const open = (list: readonly WorldConnection[]): readonly Connection[] =>
    list.map(({ slug, settings, subscriptions = 'presets', ...rest }) => {
      const destination = loadDestination(slug)
      const own = emulatorSettings(destination, vendors.get(slug) as DemoVendor)
      return { ...rest, destination, subscriptions, settings: { ...own, ...settings } }
    })
  let connections = open(options.connections)
  const store = createMemoryStore()
  let served: ServeConsole | undefined
  let runtime: Runtime
  let stop = new AbortController()
  let working: Promise<unknown> = Promise.resolve()
  let url = ''
  let server: Server | undefined

  function start(): void {
    stop = new AbortController()
    const on = served?.on as RuntimeListeners
    runtime = createRuntime({ connections, on, retry: { minMs: 2_000 } })
    working = runtime.work(served?.queue as ServeConsole['queue'], { signal: stop.signal })
  }

  async function restart(next: readonly Connection[]): Promise<void> {
    stop.abort()
    await working
    const former = runtime
    connections = next
    start()
    await served?.renewed()
    await former.close({ withinMs: 1_000 })
  }

  const send = async (events: readonly SegmentEvent[]): Promise<void> => {
    served?.received(events, 'web')
    await runtime.put(served?.queue as ServeConsole['queue'], events)
  }

  function serveConsole(): ServeConsole {
    return createServeConsole({
      store,
      storeKind: 'memory',
      connections: () => connections,
      runtime: () => runtime,
      vendors,
      compatibility: false,
      environment: options.environment ?? 'local',
      ingest: () => ({ url, writeKey: 'local' }),
      port: () => (server?.address() as AddressInfo | null)?.port,
      settingOrigin: (_connection, key) => (/key/i.test(key) ? 'VENDOR_KEY' : 'file'),
      take: send,
      async reload() {
        await restart(open(options.reload?.() ?? options.connections))
        return ['connections']
      },
      ...(options.access !== undefined && { access: options.access }),
    })
  }

  async function listen(port = options.port ?? 0): Promise<void> {
    server = createServer((incoming, outgoing) => served?.mount(incoming, outgoing))
    await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function stopListening(): Promise<void> {
    served?.close()
    const closed = new Promise((done) => server?.close(done))
    server?.closeAllConnections()
    await closed
  }

  served = serveConsole()
  start()
  await listen()
  return {
    get url() {
      return url
    },
    get runtime() {
      return runtime
    },
    get served() {
      return served as ServeConsole
    },
    store,
    vendors,
    send,
    listen,
    stopListening,
    async close() {
      stop.abort()
      await working
      await runtime.close({ withinMs: 1_000 })
      await store.close()
      await stopListening()
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()))
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>
