import { type Accept, storeEvents } from './accept'
import type { createBackPressure } from './back-pressure'
import { spreadSeconds } from './back-pressure'
import { isObject } from './check-event'
import { corsHeaders, preflight } from './cors'
import { decodeBody } from './decode-body'
import type { IngestOptions } from './ingest-options'
import type { IngestCounts } from './ingest-stats'
import type { IngestLimits } from './limits'
import { type ParsedBody, parseBody } from './parse-body'
import { refusalTable } from './refusal'
import { accepted, type FailureCode, failure, type Reply } from './reply'
import type { createRequestRate } from './request-rate'
import { findRoute, type Route } from './route'
import { settingsReply } from './settings-reply'
import type { Source, SourceIndex } from './source'
import type { Envelope } from './stamp-event'
import { type TakenEvents, takeEvents } from './take-events'
import { basicKey, bearerToken, ownKey } from './write-key'

/** A request without its body, whatever server it came through. */
export type RequestHead = {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Of a header, by its name in lower case. */
  header(name: string): string | undefined
  /** Address of the other end of the socket. */
  readonly peer?: string | undefined
}

/** Reads a body up to a bound, or says why not. Rejects with `ClientGone` when nobody waits for a reply any more. */
export type ReadBody = (maxBytes: number) => Promise<Buffer | FailureCode>

/** The client has gone before the body was complete. */
export class ClientGone extends Error {}

/** What requests share. */
export type IngestContext = {
  readonly options: IngestOptions
  readonly accept: Accept
  readonly limits: IngestLimits
  readonly publicUrl: URL | undefined
  sources: SourceIndex
  isClosing: boolean
  readonly counts: IngestCounts
  readonly rate: ReturnType<typeof createRequestRate>
  readonly pressure: ReturnType<typeof createBackPressure>
  readonly addressOf: (peer: string | undefined, forwardedFor: string | undefined) => string | undefined
  readonly now: () => number
  readonly random: () => number
  /** Calls a listener; one that throws changes nothing. */
  tell(call: (on: NonNullable<IngestOptions['on']>) => void): void
}

type EventRoute = Route & { kind: 'event' | 'batch' }
type Known = { readonly source: Source; readonly writeKey: string }

const storedAfterRefusal = (code: FailureCode): Reply => failure(code, { isLast: true })

/** Answers requests of the Tracking API, in this order: route, preflight, body, key, rate, events, store. */
export function createRequestHandler(
  context: IngestContext,
): (head: RequestHead, readBody: ReadBody) => Promise<Reply> {
  const { options, limits, counts, now, random } = context

  const refuse = (code: FailureCode, seconds?: number): Reply =>
    failure(code, {
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
      ...((code === 'unavailable' || code === 'payload_too_large' || code === 'too_slow') && {
        isLast: true,
      }),
    })

  async function findSource(head: RequestHead, root: unknown): Promise<Known | Reply | 'unknown'> {
    const authorization = head.header('authorization')
    const writeKey = ownKey(root) ?? basicKey(authorization) ?? firstItemKey(root)
    if (writeKey === undefined) return refuse('no_write_key')
    const source = context.sources.get(writeKey)
    if (source === undefined) return options.unknownKey === 'accept' ? 'unknown' : refuse('invalid_write_key')
    if (source.enabled === false) return refuse('source_disabled')
    const token = bearerToken(authorization)
    if (token !== undefined && options.authorize !== undefined)
      if (!(await options.authorize(token, writeKey))) return refuse('unauthorized')
    counts.request(source.name, now())
    const waitMs = context.rate.waitMs(source)
    if (waitMs > 0) return refuse('rate_limited', spreadSeconds(waitMs / 1_000, random))
    return { source, writeKey }
  }

  function reportRefusals(body: ParsedBody, refused: TakenEvents['rejected'], receivedAt: number): void {
    for (const { index, code, source } of refused) {
      const item = body.items[index]
      const { messageId, context: own } = isObject(item) ? item : {}
      const library = isObject(own) && isObject(own.library) ? own.library.name : undefined
      const refusal = {
        ...(source !== undefined && { source: source.name }),
        index,
        code,
        message: refusalTable[code],
        ...(code !== 'event_too_large' && code !== 'event_too_deep' && { event: withoutKey(item) }),
        ...(typeof messageId === 'string' && { messageId: messageId.slice(0, 100) }),
        ...(typeof library === 'string' && { library: library.slice(0, 100) }),
        receivedAt: new Date(receivedAt).toISOString(),
      }
      counts.refused(refusal)
      context.tell((on) => on.refused?.(refusal))
    }
  }

  /** Stores what is good, source by source; a request of which a part failed is sent again, and known ids are folded. */
  async function store(taken: TakenEvents): Promise<{ duplicates: number } | Reply> {
    let total = 0
    for (const [source, events] of taken.bySource) {
      const stored = await storeEvents(context.accept, events, source, options.storeTimeoutMs ?? 30_000)
      if ('failure' in stored) {
        context.tell((on) => on.failed?.(stored.error))
        return stored.failure === 'queue_full'
          ? refuse('queue_full', context.pressure.full())
          : refuse('unavailable')
      }
      context.pressure.taken()
      for (const event of stored.refused)
        taken.rejected.push({ index: taken.places.get(event) ?? 0, code: 'refused_by_store', source })
      counts.accepted(source.name, events.length - stored.refused.length, stored.duplicates)
      total += stored.duplicates
    }
    return { duplicates: total }
  }

  async function takeRequest(
    head: RequestHead,
    body: ParsedBody,
    route: EventRoute,
    receivedAt: number,
  ): Promise<Reply> {
    const known = await findSource(head, body.root)
    if (known === 'unknown') {
      const all = body.items.map((_, index) => ({
        index,
        code: 'invalid_write_key' as const,
        source: undefined,
      }))
      reportRefusals(body, all, receivedAt)
      return accepted([], 0)
    }
    if ('status' in known) return known
    const type = route.kind === 'event' ? route.type : undefined
    const envelope = envelopeOf(head, body, route, receivedAt)
    const taken = takeEvents(body, type, envelope, { ...known, sources: context.sources }, limits)
    for (const { source, code } of taken.warnings) counts.warned(source.name, code)
    const stored = await store(taken)
    if ('status' in stored) return stored
    taken.rejected.sort((one, other) => one.index - other.index)
    reportRefusals(body, taken.rejected, receivedAt)
    if (route.kind === 'event' && taken.rejected[0]?.code === 'event_too_large')
      return refuse('payload_too_large')
    const isAllInvalid = taken.rejected.length === body.items.length
    if (isAllInvalid && known.source.failWhenAllInvalid === true) return refuse('empty_batch_result')
    return accepted(taken.rejected, stored.duplicates)
  }

  function envelopeOf(
    head: RequestHead,
    { root }: ParsedBody,
    route: EventRoute,
    receivedAt: number,
  ): Envelope {
    const address = context.addressOf(head.peer, head.header('x-forwarded-for'))
    const common = { receivedAt, side: route.side, ...(address !== undefined && { address }) }
    if (route.kind === 'event') return common
    const { sentAt, context: shared, integrations } = root
    return {
      ...common,
      ...(sentAt !== undefined && { sentAt }),
      ...(isObject(shared) && { context: shared }),
      ...(isObject(integrations) && { integrations }),
    }
  }

  async function readAndTake(
    head: RequestHead,
    readBody: ReadBody,
    route: EventRoute | { kind: 'metrics' },
  ): Promise<Reply> {
    const bytes = await readBody(limits.requestBytes)
    if (typeof bytes === 'string')
      return bytes === 'overloaded' ? refuse(bytes, spreadSeconds(5, random)) : refuse(bytes)
    if (route.kind === 'metrics') return accepted([], 0)
    const receivedAt = now()
    const decoded = await decodeBody(bytes, head.header('content-encoding'), limits.requestBytes)
    if (typeof decoded === 'string') return refuse(decoded)
    const body = parseBody(decoded, route)
    return typeof body === 'string' ? refuse(body) : takeRequest(head, body, route, receivedAt)
  }

  function settings(writeKey: string): Reply {
    const source = context.sources.get(writeKey)
    return source === undefined || context.publicUrl === undefined
      ? failure('not_found')
      : settingsReply(writeKey, context.publicUrl)
  }

  async function route(head: RequestHead, readBody: ReadBody): Promise<Reply> {
    const place = findRoute(head.method, head.path)
    if (place === undefined) return failure('not_found')
    if (head.method === 'OPTIONS')
      return preflight(place.allow, head.header('access-control-request-headers'))
    if (place.route === undefined) return failure('method_not_allowed', { headers: { allow: place.allow } })
    if (context.isClosing) return storedAfterRefusal('shutting_down')
    return place.route.kind === 'settings'
      ? settings(place.route.writeKey)
      : readAndTake(head, readBody, place.route)
  }

  return async (head, readBody) => {
    let reply: Reply
    try {
      reply = await route(head, readBody)
    } catch (error) {
      if (error instanceof ClientGone) throw error
      context.tell((on) => on.failed?.(error as Error))
      reply = failure('unavailable', { isLast: true })
    }
    if (reply.status >= 400) counts.failed((JSON.parse(reply.body) as { code: FailureCode }).code)
    return {
      ...reply,
      headers: { ...reply.headers, ...corsHeaders(head.header('origin')) },
      ...(context.isClosing && { isLast: true }),
    }
  }
}

function withoutKey(item: unknown): unknown {
  if (!isObject(item) || !Object.hasOwn(item, 'writeKey')) return item
  const { writeKey: _, ...rest } = item
  return rest
}

/** Batches of browsers repeat the key in every item; where nothing else names it, the first one does. */
function firstItemKey(root: unknown): string | undefined {
  const batch = isObject(root) ? root.batch : undefined
  return Array.isArray(batch) ? ownKey(batch[0]) : undefined
}
