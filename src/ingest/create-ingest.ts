import { ConfigurationError } from '../errors'
import { createBackPressure } from './back-pressure'
import { createBodyBudget } from './body-budget'
import { createClientAddress } from './client-address'
import { createFetchHandler, type FetchHandler } from './fetch-handler'
import type { IngestOptions } from './ingest-options'
import { createIngestCounts, type IngestStats } from './ingest-stats'
import { limitsOf } from './limits'
import { createNodeHandler, type NodeHandler } from './node-handler'
import { createRequestHandler, type IngestContext } from './request-handler'
import { createRequestRate } from './request-rate'
import { indexSources, type Source } from './source'

/** Segment's Tracking API, as a handler for the server of your choice. */
export type Ingest = {
  /** For `node:http`, also as middleware: `createServer(ingestServerOptions, ingest.handler)`. */
  readonly handler: NodeHandler
  /** The same in the form of the Web. */
  readonly fetch: FetchHandler
  /** What has come in since the start. */
  stats(): IngestStats
  /**
   * Takes other sources from now on; requests under way keep theirs.
   * @throws ConfigurationError that lists every mistake; nothing changes then.
   */
  replaceSources(sources: readonly Source[]): void
  /** Refuses new requests with 503, and resolves when those under way have their replies, or after `withinMs` (default 10,000). */
  close(options?: { readonly withinMs?: number }): Promise<void>
}

function parsePublicUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '')
    return url
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    'give an address without a path, such as "https://events.example.com"; SDKs add /v1',
    { path: 'publicUrl' },
  )
}

/** Paths under `/v1`. */
const isOurs = (path: string): boolean => path === '/v1' || path.startsWith('/v1/')

/**
 * Makes a handler that takes the events of every Segment SDK and hands them to `accept`. It answers 200 when they are
 * stored, and refuses bad events one by one.
 * @throws ConfigurationError INVALID_CONFIGURATION that lists what is wrong with the sources or options.
 */
export function createIngest(options: IngestOptions): Ingest {
  const { now = Date.now, random = Math.random } = options
  let inFlight = 0
  let whenIdle: (() => void) | undefined
  const context: IngestContext = {
    options,
    accept: options.accept,
    limits: limitsOf(options.limits),
    publicUrl: parsePublicUrl(options.publicUrl),
    sources: indexSources(options.sources),
    isClosing: false,
    counts: createIngestCounts(),
    rate: createRequestRate(() => performance.now()),
    pressure: createBackPressure(() => performance.now(), random),
    addressOf: createClientAddress(options.trustedProxies),
    now,
    random,
    tell(call) {
      try {
        if (options.on !== undefined) call(options.on)
      } catch (error) {
        process.emitWarning(`a listener of createIngest failed: ${(error as Error)?.message}`, {
          code: 'WAYBILL_LISTENER',
        })
      }
    },
  }
  const handle = createRequestHandler(context)
  const tracked: typeof handle = async (head, readBody) => {
    inFlight += 1
    try {
      return await handle(head, readBody)
    } finally {
      inFlight -= 1
      if (inFlight === 0) whenIdle?.()
    }
  }
  const bounds = {
    timeoutMs: options.bodyTimeoutMs ?? 30_000,
    budget: createBodyBudget(options.maxBufferedBytes ?? 256 * 1024 * 1024),
  }
  return {
    handler: createNodeHandler(tracked, isOurs, bounds),
    fetch: createFetchHandler(tracked, bounds),
    stats: () => context.counts.stats(inFlight),
    replaceSources(sources) {
      context.sources = indexSources(sources)
    },
    async close({ withinMs = 10_000 } = {}) {
      context.isClosing = true
      if (inFlight === 0) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs)
        whenIdle = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}
