import type { Connection, Outcome, SegmentEvent } from 'waybill'
import { createIngest, type Ingest, type IngestStats } from 'waybill/ingest'
import type { Store } from 'waybill/queue'
import type { DemoVendor } from 'waybill/testing'
import type { Configuration } from '../configuration/load-configuration'
import type { Intake } from '../configuration/load-sources'
import { createServeConsole, type ServeConsole, type ServeConsoleOptions } from '../console/serve-console'
import { type ConsoleHttp, startConsoleHttp } from './console-http'
import { createEngine, type Engine } from './engine'
import { type HttpServer, startHttpServer, type TlsFiles } from './http-server'
import { isLoopback, type ListenAddress } from './listen-address'
import { createRefusedEvents } from './refused-events'

/** Everything that a server is made of. */
export type ServeOptions = {
  readonly configuration: Pick<Configuration, 'connections' | 'compatibility'>
  readonly intake: Intake
  readonly store: Store
  /** Absent for a store that is no file. */
  readonly storeFile?: string
  readonly storeKind: string
  /** Emulated vendors, by slug. */
  readonly vendors: ReadonlyMap<string, DemoVendor>
  readonly address: ListenAddress
  readonly tls?: TlsFiles
  /** Milliseconds of retries, from a delivery's first attempt. */
  readonly retryForMs: number
  /** Milliseconds that what is under way gets at a stop. */
  readonly graceMs: number
  /** File of the events that were not taken. */
  readonly refusedFile: string
  readonly workingDirectory: string
  /** Something that the operator should know. */
  readonly say: (text: string) => void
  readonly onOutcome?: (outcome: Outcome) => void
  /** False: none. Default: one without tokens where the address is loopback. */
  readonly console?: ServedConsole | false
  /** Reads the configuration again; gives what changed, in words. */
  readonly reload?: () => Promise<readonly string[]>
}

/** How the console is shown. */
export type ServedConsole = Pick<
  ServeConsoleOptions,
  'access' | 'allowedHosts' | 'environment' | 'settingOrigin' | 'log'
> & {
  /** Default: beside the Tracking API. */
  readonly address?: ListenAddress
  /** A write key that may be shown in examples. */
  readonly writeKey?: () => string | undefined
}

/** A server that runs. */
export type Server = {
  readonly url: string
  /** Address of the console; absent where there is none. */
  readonly consoleUrl?: string
  stats(): IngestStats
  /** Goes on with another configuration; what was taken in is delivered by it. */
  replace(configuration: ServeOptions['configuration'], intake: Intake): Promise<void>
  /** Takes nothing more, ends what is under way, and leaves the rest in the store. */
  close(): Promise<void>
  /** What was refused since the last call, in words. */
  refusals(): string | undefined
}

/** A fault is told once, and again only when another one has been told since, or a minute later. */
function tellOnce(say: (text: string) => void): (text: string) => void {
  let last = ''
  let at = Number.NEGATIVE_INFINITY
  return (text) => {
    if (text === last && performance.now() - at < 60_000) return
    last = text
    at = performance.now()
    say(text)
  }
}

const messageOf = (outcome: Outcome): string => ('message' in outcome ? outcome.message : '')

const defaultConsole = (isEmulated: boolean): ServedConsole => ({
  environment: isEmulated ? 'emulated' : 'local',
})

const portOf = (server: { readonly url: string } | undefined): number | undefined => {
  if (server === undefined) return undefined
  const { port, protocol } = new URL(server.url)
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

/** All connections go to emulators: sample events may be sent to them from the console. */
const isEmulated = (connections: readonly Connection[], vendors: ServeOptions['vendors']): boolean =>
  connections.every(({ destination }) => vendors.has(destination.slug ?? ''))

/**
 * Starts a server: takes events in, stores them, delivers them, and shows it all in a console on this machine.
 * @throws ConfigurationError where the address cannot be had, or a connection or source cannot be used.
 */
export async function startServer(options: ServeOptions): Promise<Server> {
  const { store, storeFile, address, tls, graceMs, workingDirectory, say, onOutcome, vendors } = options
  const { configuration, intake, reload } = options
  const warn = tellOnce(say)
  const refused = createRefusedEvents(options.refusedFile, ({ message }) =>
    warn(`refused events cannot be written down: ${message}`),
  )
  let isReady = true
  const readiness = async (): Promise<boolean> => {
    if (isReady) await store.queue.stats()
    return isReady
  }
  // Each needs the others: the address, the runtime and the handler are looked up when they are asked for.
  const parts: { ingest?: Ingest; engine?: Engine; http?: HttpServer; consoleHttp?: ConsoleHttp } = {}
  const engineOf = (): Engine => parts.engine as Engine
  const accept: Engine['accept'] = async (events, source) => {
    const result = await engineOf().accept(events, source)
    console?.received(events, source.name)
    return result
  }
  const [source] = intake.sources
  const take = (events: readonly SegmentEvent[]) =>
    accept(events, source ?? { name: 'console', writeKey: '' })
  const shown = options.console ?? (isLoopback(address.host) && defaultConsole(vendors.size > 0))
  const console: ServeConsole | undefined = shown
    ? createServeConsole({
        ...shown,
        store,
        storeKind: options.storeKind,
        ...(storeFile !== undefined && { storeFile }),
        connections: () => engineOf().connections(),
        runtime: () => engineOf().runtime(),
        vendors,
        compatibility: configuration.compatibility,
        ingest() {
          const writeKey = shown.writeKey?.()
          return parts.http && { url: parts.http.url, ...(writeKey !== undefined && { writeKey }) }
        },
        port: () => portOf(parts.consoleHttp ?? parts.http),
        isReady: readiness,
        ...(reload !== undefined && { reload }),
        ...(isEmulated(configuration.connections, vendors) && { take }),
      })
    : undefined
  const engine = createEngine(configuration, {
    queue: console?.queue ?? store.queue,
    // What destinations remember outlives the process too.
    context: { state: store.state },
    graceMs,
    retry: { forMs: options.retryForMs },
    on: {
      ...console?.on,
      connectionBlocked(connection, outcome) {
        console?.on.connectionBlocked?.(connection, outcome)
        warn(
          `${connection}: the credentials were refused: ${messageOf(outcome)}. Its events wait until they are put right.`,
        )
      },
    },
    onFault: ({ message }) => warn(`delivering stopped, and is begun again: ${message}`),
    ...(onOutcome !== undefined && { onOutcome }),
    ...(console !== undefined && { onStarted: () => console.renewed() }),
  })
  parts.engine = engine
  try {
    parts.http = await startHttpServer(
      {
        ingest: () => parts.ingest,
        address,
        ...(tls !== undefined && { tls }),
        ...(console !== undefined && shown && shown.address === undefined && { mount: console.mount }),
        isReady: readiness,
      },
      workingDirectory,
    )
    if (console !== undefined && shown && shown.address !== undefined)
      parts.consoleHttp = await startConsoleHttp(console.mount, shown.address)
    parts.ingest = createIngest({
      publicUrl: parts.http.url,
      ...intake.ingest,
      sources: intake.sources,
      accept,
      on: {
        refused: (refusal) => refused.add(refusal),
        failed: ({ message }) =>
          warn(`events cannot be stored: ${message}. Their senders are asked to come again.`),
      },
    })
  } catch (error) {
    await parts.http?.close(0)
    await parts.consoleHttp?.close()
    await engine.close()
    throw error
  }
  const { http, ingest } = parts
  engine.start()
  return {
    url: http.url,
    ...(console !== undefined && { consoleUrl: `${(parts.consoleHttp ?? http).url}/` }),
    stats: () => ingest.stats(),
    refusals: () => refused.summary(),
    async replace(next, nextIntake) {
      await engine.replace(next)
      ingest.replaceSources(nextIntake.sources)
      http.reloadTls()
    },
    async close() {
      isReady = false
      console?.close()
      await parts.consoleHttp?.close()
      await http.close(graceMs)
      await engine.close()
      await refused.close()
    },
  }
}
