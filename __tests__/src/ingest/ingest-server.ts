import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SegmentEvent } from 'waybill'
import {
  type Accepted,
  createIngest,
  type IngestOptions,
  ingestServerOptions,
  type Refusal,
  type Source,
} from 'waybill/ingest'

/** What the store of a test holds, and how to make it refuse. */
export type TestStore = {
  readonly events: SegmentEvent[]
  readonly bySource: Map<string, SegmentEvent[]>
  accept(events: readonly SegmentEvent[], source: Source): Promise<Accepted>
  /** Thrown by the next calls, in this order. */
  readonly failures: Error[]
}

export const errorOf = (code: string): Error => Object.assign(new Error(code), { code })

/** Stores events by message id, all of a call or none, as a queue does. */
export function createTestStore(): TestStore {
  const known = new Set<unknown>()
  const store: TestStore = {
    events: [],
    bySource: new Map(),
    failures: [],
    async accept(events, source) {
      const failure = store.failures.shift()
      if (failure !== undefined) throw failure
      const fresh = events.filter(({ messageId }) => !known.has(messageId) && known.add(messageId))
      store.events.push(...fresh)
      store.bySource.set(source.name, [...(store.bySource.get(source.name) ?? []), ...fresh])
      return { duplicates: events.length - fresh.length }
    },
  }
  return store
}

export const testSources: Source[] = [
  { name: 'site', writeKey: 'wk_site' },
  { name: 'app', writeKey: ['wk_app', 'wk_app_old'] },
  { name: 'off', writeKey: 'wk_off', enabled: false },
]

/** A server on loopback with a store of its own. */
export async function startIngest(options: Partial<IngestOptions> = {}, port = 0) {
  const store = createTestStore()
  const refusals: Refusal[] = []
  const failures: Error[] = []
  const ingest = createIngest({
    sources: testSources,
    accept: store.accept,
    on: { refused: (refusal) => refusals.push(refusal), failed: (error) => failures.push(error) },
    ...options,
  })
  const server: Server = createServer(ingestServerOptions, ingest.handler)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ingest,
    server,
    store,
    refusals,
    failures,
    url,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers,
        body:
          typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    async close() {
      await ingest.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type TestIngest = Awaited<ReturnType<typeof startIngest>>

export const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
})
