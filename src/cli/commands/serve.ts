import { unwatchFile, watchFile } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigurationError, isWaybillError } from 'waybill'
import type { Store } from 'waybill/queue'
import { connectionChanges } from '../console/connection-changes'
import { type EmulatedVendors, startEmulatedVendors } from '../emulators/emulated-vendors'
import { plural } from '../report/format'
import { defaultListen, isLoopback, parseListenAddress } from '../serve/listen-address'
import { hasConfiguration, type Loaded, loadDemo, loadServed } from '../serve/load-serve'
import { openConsole, sayAction } from '../serve/open-console'
import { type Server, startServer } from '../serve/serve'
import { createServeStatus } from '../serve/serve-status'
import { openStore as openStoreOf, storeName, storeOf } from '../store/open-store'
import type { Terminal } from '../terminal'

/** What `waybill serve` was asked for. Spans of time in milliseconds. */
export type ServeCommandOptions = {
  readonly config?: string
  readonly listen?: string
  readonly store?: string
  /** False: `--memory`. */
  readonly memory?: boolean
  readonly emulate?: boolean
  readonly publicUrl?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly retryFor: number
  readonly grace: number
  readonly quiet?: boolean
  /** An address of its own, or false: `--no-console`. */
  readonly console?: string | boolean
  readonly consoleTokenFile?: string
  readonly allowedHost?: readonly string[]
  readonly hidePayloads?: boolean
  readonly environment?: string
}

const statusMs = 2_000
const watchMs = 1_000

function tlsOf({ tlsCert, tlsKey }: ServeCommandOptions) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: tlsCert, key: tlsKey }
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    '--tls-cert and --tls-key go together: name both files',
  )
}

type OpenStore = {
  readonly store: Store
  /** Absent for a store that is no file. */
  readonly file?: string
  readonly kind: string
  readonly folder: string
  readonly words: string
}

/** Without a configuration nothing lasts, as in the demo; else the store lies beside it. */
async function openStore(
  options: ServeCommandOptions,
  file: string | undefined,
  terminal: Terminal,
): Promise<OpenStore> {
  const { workingDirectory } = terminal
  const beside = join(
    file === undefined ? workingDirectory : dirname(resolve(workingDirectory, file)),
    '.waybill',
  )
  if (options.memory || (file === undefined && options.store === undefined)) {
    const { createMemoryStore } = require('waybill/queue') as typeof import('waybill/queue')
    const words = 'in memory: what has not been delivered is lost when the process ends'
    return { store: createMemoryStore(), kind: 'memory', folder: beside, words }
  }
  const choice = {
    ...(options.store !== undefined && { store: options.store }),
    ...(file !== undefined && { config: file }),
  }
  const place = storeOf(choice, terminal)
  const store = await openStoreOf(choice, terminal)
  const safe = store.queue.durability.power ? 'survives a crash and a power cut' : 'survives a crash'
  const words = `${storeName(place)}: what is accepted ${safe}`
  return place.includes('://')
    ? { store, kind: 'PostgreSQL', folder: beside, words }
    : { store, kind: 'SQLite', file: place, folder: dirname(place), words }
}

/** How to send a first event. */
function example({ url }: Server, { intake }: Loaded): string {
  const [source] = intake.sources
  const key = source?.name === 'local' ? source.writeKey : '$WRITE_KEY'
  return `curl -u ${key}: ${url}/v1/track -H 'content-type: application/json' -d '{"userId":"u1","event":"Ordered","properties":{"total":5}}'`
}

function describe(
  server: Server,
  loaded: Loaded,
  words: string,
  vendors: EmulatedVendors | undefined,
): string {
  const { configuration, intake } = loaded
  return [
    `waybill serves on ${server.url}: ${plural(configuration.connections.length, 'connection')}, ${plural(intake.sources.length, 'source')}.`,
    `Store ${words}.`,
    ...(vendors === undefined
      ? []
      : [...vendors.bySlug.values()].map(({ name, url }) => `${name} is emulated on ${url}.`)),
    ...(server.consoleUrl === undefined ? [] : [`Console: ${server.consoleUrl}`]),
    'Send an event:',
    `  ${example(server, loaded)}`,
    '',
  ].join('\n')
}

/** Resolves at the first interrupt. */
const untilInterrupted = ({ onInterrupt }: Terminal) =>
  new Promise<void>((resolve) => {
    const release = onInterrupt(() => {
      release()
      resolve()
    })
  })

/** Takes another configuration when the file changes; one that cannot be used changes nothing. */
function watchConfiguration(
  file: string | undefined,
  terminal: Terminal,
  load: () => Promise<Loaded>,
  apply: (loaded: Loaded) => Promise<void>,
  say: (text: string) => void,
): () => void {
  if (file === undefined) return () => undefined
  const path = resolve(terminal.workingDirectory, file)
  let change = Promise.resolve()
  const reload = async (): Promise<void> => {
    try {
      const loaded = await load()
      await apply(loaded)
      for (const note of loaded.notes) say(note)
      say(
        `${file} has changed: ${plural(loaded.configuration.connections.length, 'connection')}, ${plural(loaded.intake.sources.length, 'source')} from now on.`,
      )
    } catch (error) {
      if (!isWaybillError(error)) throw error
      say(`${file} has changed and cannot be used, so nothing changes:\n${error.message}`)
    }
  }
  const listener = (): void => {
    change = change.then(reload, reload)
  }
  watchFile(path, { interval: watchMs, persistent: false }, listener)
  return () => unwatchFile(path, listener)
}

/**
 * `waybill serve`: takes events in from Segment's SDKs, stores them, and delivers them, until it is told to stop. Gives
 * the exit code.
 * @throws ConfigurationError for whatever is wrong before it serves; QueueError where the store cannot be opened.
 */
export async function serveCommand(options: ServeCommandOptions, terminal: Terminal): Promise<number> {
  const tls = tlsOf(options)
  const address = parseListenAddress(options.listen ?? defaultListen)
  const isConfigured = hasConfiguration(options.config, terminal)
  const say = (text: string): void => void terminal.stderr.write(`${text}\n`)
  const vendors = options.emulate || !isConfigured ? await startEmulatedVendors(terminal) : undefined
  const closing: (() => unknown)[] = [() => vendors?.close()]
  try {
    const load = async (): Promise<Loaded> =>
      isConfigured
        ? loadServed(
            {
              ...(options.config !== undefined && { config: options.config }),
              isLocal: isLoopback(address.host),
              ...(options.emulate === true && vendors !== undefined && { vendors }),
            },
            terminal,
          )
        : loadDemo(vendors as EmulatedVendors)
    const withPublicUrl = ({ ingest, ...intake }: Loaded['intake']): Loaded['intake'] => ({
      ...intake,
      ingest: { ...ingest, ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }) },
    })
    const loaded = await load()
    const { store, file, kind, folder, words } = await openStore(options, loaded.file, terminal)
    closing.unshift(() => store.close())
    const status = createServeStatus()
    let current = loaded
    const apply = async (next: Loaded): Promise<void> => {
      await server.replace(next.configuration, withPublicUrl(next.intake))
      current = next
    }
    const opened = openConsole({ options, address, vendors, current: () => current }, terminal)
    const server: Server = await startServer({
      configuration: loaded.configuration,
      intake: withPublicUrl(loaded.intake),
      store,
      storeKind: kind,
      ...(file !== undefined && { storeFile: file }),
      vendors: vendors?.bySlug ?? new Map(),
      address,
      ...(tls !== undefined && { tls }),
      retryForMs: options.retryFor,
      graceMs: options.grace,
      refusedFile: join(folder, 'refused.ndjson'),
      workingDirectory: terminal.workingDirectory,
      say,
      onOutcome: status.add,
      console: opened.console === undefined ? false : { ...opened.console, log: sayAction(say) },
      ...(loaded.file !== undefined && {
        async reload() {
          const former = current.configuration.connections
          const next = await load()
          await apply(next)
          return connectionChanges(former, next.configuration.connections)
        },
      }),
    })
    closing.unshift(() => server.close())
    for (const note of [...loaded.notes, ...opened.notes]) say(note)
    await terminal.stdout.write(describe(server, loaded, words, vendors))

    const tell = (): void => {
      const line = status.line(server.stats())
      if (line !== undefined && options.quiet !== true) say(line)
      const refusals = server.refusals()
      if (refusals !== undefined) say(refusals)
    }
    const timer = setInterval(tell, statusMs)
    const unwatch = watchConfiguration(loaded.file, terminal, load, apply, say)
    closing.unshift(() => {
      clearInterval(timer)
      unwatch()
    })
    await untilInterrupted(terminal)
    say('Stopping: nothing more is taken in, what is under way is finished. Once more stops at once.')
    await closing.shift()?.()
    await closing.shift()?.()
    tell()
    return 0
  } finally {
    for (const close of closing) await close()
  }
}
