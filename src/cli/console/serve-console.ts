import { statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connection, Runtime, RuntimeListeners, SegmentEvent } from 'waybill'
import {
  type Access,
  createConsole,
  createConsoleSource,
  createRecorder,
  type ObservedAttempt,
  observeQueue,
  type SourceOptions,
} from 'waybill/console'
import type { Queue, Store } from 'waybill/queue'
import { createTally, type Tally } from 'waybill/telemetry'
import type { DemoVendor } from 'waybill/testing'
import { packageVersion } from '../package-folder'
import { consoleFolder, consoleMount } from './console-mount'
import { consoleSamples, freshEvents } from './console-samples'
import { renewHolds } from './renew-holds'
import { storeGauges } from './store-gauges'
import { testableDestinations } from './testable-destinations'

export type ServeConsoleOptions = {
  readonly store: Store
  /** `memory`, `SQLite`. */
  readonly storeKind: string
  /** Size of the store is read there. */
  readonly storeFile?: string
  /** As they are served now. The same list as long as nothing changes. */
  readonly connections: () => readonly Connection[]
  readonly runtime: () => Runtime
  readonly vendors: ReadonlyMap<string, DemoVendor>
  readonly compatibility: boolean
  /** A name that the page shows: `local`, `production`. */
  readonly environment: string
  readonly access?: Access
  readonly allowedHosts?: readonly string[]
  /** Where SDKs send to, and a key that may be shown. */
  readonly ingest: () => { readonly url: string; readonly writeKey?: string } | undefined
  readonly port: () => number | undefined
  readonly settingOrigin?: SourceOptions['settingOrigin']
  /** Reads the configuration again; gives what changed, in words. */
  readonly reload?: () => Promise<readonly string[]>
  /** Takes events as a source would send them; only where every connection goes to an emulator. */
  readonly take?: (events: readonly SegmentEvent[]) => Promise<unknown>
  readonly isReady?: () => Promise<boolean>
  readonly log?: SourceOptions['log']
  readonly redact?: (text: string) => string
}

/** The console of a server, and what has to pass through it. */
export type ServeConsole = {
  /** To be put into and worked on in place of the store's. */
  readonly queue: Queue
  /** To be given to the runtime. */
  readonly on: Pick<RuntimeListeners, 'connectionBlocked'> & { attempt(attempt: ObservedAttempt): void }
  readonly tally: Tally
  /** Events of a source came in. */
  received(events: readonly SegmentEvent[], source: string): void
  readonly mount: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  /** A runtime has just started, the first or another: pauses hold on, blocks are tried again. */
  renewed(): Promise<void>
  close(): void
}

const samplesAtOnce = 100

/** Joins a server and its console. */
export function createServeConsole(options: ServeConsoleOptions): ServeConsole {
  const { store, connections, runtime, vendors, storeFile } = options
  const tally = createTally()
  const recorder = createRecorder(tally)
  const testable = byList(connections, (list) => testableDestinations(list, vendors))
  const actions = byList(connections, (list) => actionsOf(list, runtime()))
  const observed = observeQueue(store.queue, recorder, {
    actionOf: (connection, subscription) => actions().get(`${connection}\n${subscription}`),
  })
  const sizeOf = (): { readonly bytes?: number } => {
    if (storeFile === undefined) return {}
    try {
      return { bytes: statSync(storeFile).size }
    } catch {
      return {}
    }
  }
  const take = options.take
  let runs = 0
  const source = createConsoleSource({
    about: () => {
      const ingest = options.ingest()
      return {
        version: packageVersion(),
        environment: options.environment,
        store: { kind: options.storeKind, durable: store.queue.durability.kill, ...sizeOf() },
        ...(ingest !== undefined && { ingest }),
      }
    },
    runtime: {
      connections,
      status: () => runtime().status(),
      pause: async (name, by) => runtime().pause(name, by),
      resume: async (name) => runtime().resume(name),
      tryNow: async (name) => runtime().tryNow(name),
      async testAuthentication(name) {
        const result = await runtime().connection(name).testAuthentication()
        const at = new Date().toISOString()
        if (!result.ok) return { ok: false, at, message: result.message }
        return { ok: true, at }
      },
    },
    store,
    recorder,
    tally,
    compatibility: options.compatibility,
    destinations: testable,
    vendors: () =>
      [...vendors].flatMap(([slug, { name, inspection }]) =>
        inspection === undefined ? [] : [{ slug, name, inspection }],
      ),
    samples: consoleSamples,
    ...(options.settingOrigin !== undefined && { settingOrigin: options.settingOrigin }),
    ...(options.redact !== undefined && { redact: options.redact }),
    ...(options.log !== undefined && { log: options.log }),
    ...(options.reload !== undefined && { reload: options.reload }),
    ...(take !== undefined && {
      async sendSamples() {
        runs += 1
        const events = freshEvents(samplesAtOnce, `${Date.now().toString(36)}-${runs}`)
        await take(events)
        return events.length
      },
    }),
  })
  const console = createConsole({
    source,
    tally,
    folder: consoleFolder(),
    port: options.port,
    gauges: storeGauges({ store, runtime, connections, sizeOf }),
    ...(options.access !== undefined && { access: options.access }),
    ...(options.allowedHosts !== undefined && { allowedHosts: options.allowedHosts }),
    ...(options.isReady !== undefined && { isReady: options.isReady }),
  })
  return {
    queue: observed.queue,
    on: {
      attempt: (attempt) => observed.attempted(attempt),
      connectionBlocked: () => source.changed('overview'),
    },
    tally,
    received(events, name) {
      for (const event of events) recorder.received(event, name)
    },
    mount: consoleMount(console),
    async renewed() {
      await renewHolds(runtime(), store.queue)
      source.changed('overview')
    },
    close: () => console.close(),
  }
}

/** Made once for a list; another list makes another. */
function byList<List, Value>(list: () => List, make: (list: List) => Value): () => Value {
  let of: List | undefined
  let value: Value | undefined
  return () => {
    const current = list()
    if (value === undefined || of !== current) {
      of = current
      value = make(current)
    }
    return value
  }
}

/** The action of each subscription, by connection and name. */
function actionsOf(connections: readonly Connection[], runtime: Runtime): Map<string, string> {
  const found = new Map<string, string>()
  for (const connection of connections) {
    const name = connection.name ?? connection.destination.slug ?? connection.destination.name
    const configured =
      connection.subscriptions === 'presets'
        ? (connection.destination.presets ?? [])
            .filter(({ type }) => type === 'automatic')
            .map(({ partnerAction }) => partnerAction)
        : connection.subscriptions.map(({ action, partnerAction }) => action ?? partnerAction)
    const opened = runtime.connections.find((each) => each.name === name)?.subscriptions ?? []
    for (const [index, subscription] of opened.entries()) {
      const action = configured[index]
      if (action !== undefined) found.set(`${name}\n${subscription}`, action)
    }
  }
  return found
}
