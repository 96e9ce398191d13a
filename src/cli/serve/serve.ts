import type { Outcome } from 'waybill'
import { createIngest, type Ingest, type IngestStats } from 'waybill/ingest'
import type { Store } from 'waybill/queue'
import type { Configuration } from '../configuration/load-configuration'
import type { Intake } from '../configuration/load-sources'
import { createEngine, type Engine } from './engine'
import { type Mount, startHttpServer, type TlsFiles } from './http-server'
import type { ListenAddress } from './listen-address'
import { createRefusedEvents } from './refused-events'

/** Everything that a server is made of. */
export type ServeOptions = {
  readonly configuration: Pick<Configuration, 'connections' | 'compatibility'>
  readonly intake: Intake
  readonly store: Store
  readonly address: ListenAddress
  readonly tls?: TlsFiles
  /** Milliseconds of retries, from a delivery's first attempt. */
  readonly retryForMs: number
  /** Milliseconds that what is under way gets at a stop. */
  readonly graceMs: number
  /** File of the events that were not taken. */
  readonly refusedFile: string
  readonly workingDirectory: string
  /** What answers every path but those of the Tracking API, `/healthz` and `/readyz`. */
  readonly mount?: Mount
  /** Something that the operator should know. */
  readonly say: (text: string) => void
  readonly onOutcome?: (outcome: Outcome) => void
}

/** A server that runs. */
export type Server = {
  readonly url: string
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

/**
 * Starts a server: takes events in, stores them, delivers them.
 * @throws ConfigurationError where the address cannot be had, or a connection or source cannot be used.
 */
export async function startServer(options: ServeOptions): Promise<Server> {
  const { store, address, tls, graceMs, workingDirectory, mount, say, onOutcome } = options
  const warn = tellOnce(say)
  const refused = createRefusedEvents(options.refusedFile, ({ message }) =>
    warn(`refused events cannot be written down: ${message}`),
  )
  let isReady = true
  let ingest: Ingest | undefined
  const http = await startHttpServer(
    {
      ingest: () => ingest,
      address,
      ...(tls !== undefined && { tls }),
      ...(mount !== undefined && { mount }),
      isReady: async () => {
        if (isReady) await store.queue.stats()
        return isReady
      },
    },
    workingDirectory,
  )
  let engine: Engine
  try {
    engine = createEngine(options.configuration, {
      queue: store.queue,
      graceMs,
      retry: { forMs: options.retryForMs },
      on: {
        ...(onOutcome !== undefined && { outcome: onOutcome }),
        connectionBlocked: (connection, outcome) =>
          warn(
            `${connection}: the credentials were refused: ${(outcome as { message?: string }).message ?? ''}; its events wait until they are put right`,
          ),
      },
      onFault: ({ message }) => warn(`delivering stopped, and is begun again: ${message}`),
    })
    ingest = createIngest({
      publicUrl: http.url,
      ...options.intake.ingest,
      sources: options.intake.sources,
      accept: (events, source) => engine.accept(events, source),
      on: {
        refused: (refusal) => refused.add(refusal),
        failed: ({ message }) =>
          warn(`events cannot be stored: ${message}; their senders are asked to come again`),
      },
    })
  } catch (error) {
    await http.close(0)
    throw error
  }
  const taking = ingest
  return {
    url: http.url,
    stats: () => taking.stats(),
    refusals: () => refused.summary(),
    async replace(configuration, intake) {
      await engine.replace(configuration)
      taking.replaceSources(intake.sources)
      http.reloadTls()
    },
    async close() {
      isReady = false
      await http.close(graceMs)
      await engine.close()
      await refused.close()
    },
  }
}
