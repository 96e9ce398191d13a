import { applyHeaders, type HeaderList, headerValue, setHeader } from './header-list'
import { runAfterResponse, runBeforeRequest } from './hooks'
import { HTTPError } from './http-error'
import { HttpResponse } from './http-response'
import { type ObservedExchange, observeTransport } from './observe-transport'
import { followRedirects, redirectTarget } from './redirect'
import { encodeBody } from './request-body'
import { mergeOptions, mergeValue, type RequestOptions } from './request-options'
import { requestUrl } from './request-url'
import { SentRequest } from './sent-request'
import type { Transport, WireRequest } from './transport'

/** What `perform` gets as `request`. Rejects with `HTTPError`, `NetworkError` or `DefinitionError`. */
export type RequestClient = (url: string, options?: RequestOptions) => Promise<HttpResponse>

export type RequestClientOptions = {
  readonly transport: Transport
  /** Milliseconds from the first byte out to the last byte in. Default 10,000. */
  readonly timeoutMs?: number
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number
  /** Default: that of the reference, so that requests are equal. */
  readonly userAgent?: string
}

/** What a client has to know of the one that it is made for. */
export type ClientContext = {
  /** Origins to which a redirect may carry a request with a body; true for any. Default: none but its own. */
  readonly redirectOrigins?: true | readonly string[] | undefined
  /** Told of what was accepted but does not look as it should. */
  readonly note?: (reason: string) => void
  /** Ends requests that bring no signal of their own. */
  readonly signal?: AbortSignal
  /** Told of every exchange, redirects included. */
  readonly observe?: ((exchange: ObservedExchange) => void) | undefined
}

/** Prepared once; `with` adds what a destination's `extendRequest` says, which may depend on the event. */
export type RequestClientFactory = {
  with(options: RequestOptions | undefined, context?: ClientContext): RequestClient
}

const defaultTimeoutMs = 10_000
const defaultMaxResponseBytes = 1024 * 1024
const defaultUserAgent = 'Segment (Actions)'

/** Creates the factory of request clients of one runtime. */
export function createRequestClientFactory(options: RequestClientOptions): RequestClientFactory {
  const settings: ClientSettings = {
    transport: options.transport,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    maxResponseBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
    baseHeaders: ['accept', '*/*', 'user-agent', options.userAgent ?? defaultUserAgent],
  }
  return {
    with:
      (extension = noOptions, context = noContext) =>
      (url, own = noOptions) =>
        call(settings, context, url, extension, own),
  }
}

type ClientSettings = {
  readonly transport: Transport
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  readonly baseHeaders: readonly string[]
}

const noOptions: RequestOptions = {}
const noContext: ClientContext = {}

/**
 * One call. What the call says goes over what the extension says; the two are read member by member rather than
 * merged, since this runs once per event.
 */
async function call(
  settings: ClientSettings,
  context: ClientContext,
  url: string,
  extension: RequestOptions,
  own: RequestOptions,
): Promise<HttpResponse> {
  if (own.beforeRequest ?? extension.beforeRequest) {
    const { beforeRequest: _done, ...changed } = await runBeforeRequest(mergeOptions(extension, own))
    return call(settings, context, url, noOptions, changed)
  }
  const { observe } = context
  const transport = observe === undefined ? settings.transport : observeTransport(settings.transport, observe)
  const made = wireRequest(settings, url, extension, own, context.signal)
  const request = made instanceof Promise ? await made : made
  const startedAt = performance.now()
  let wire = await transport.send(request)
  let answeredBy = request.url
  const mode = own.redirect ?? extension.redirect ?? 'follow'
  if (mode !== 'manual' && redirectTarget(wire) !== undefined) {
    const policy = { mode, origins: context.redirectOrigins ?? [] }
    const deadline = startedAt + request.timeoutMs
    ;({ wire, url: answeredBy } = await followRedirects(transport, request, wire, policy, deadline))
  }
  if (wire.unreadable !== undefined && isAcceptedStatus(wire.status))
    context.note?.(
      `the destination accepted it (status ${wire.status}), but its response cannot be read: ${wire.unreadable.message}`,
    )
  let response = new HttpResponse(wire, answeredBy, answeredBy !== request.url)
  if (own.afterResponse ?? extension.afterResponse)
    response = await runAfterResponse(new SentRequest(request), mergeOptions(extension, own), response)
  if (!response.ok && (own.throwHttpErrors ?? extension.throwHttpErrors) !== false)
    throw new HTTPError(response, new SentRequest(request), mergeOptions(extension, own))
  return response
}

const isAcceptedStatus = (status: number): boolean => status >= 200 && status < 300

/** The request, at once where the body allows it. */
function wireRequest(
  settings: ClientSettings,
  givenUrl: string,
  extension: RequestOptions,
  own: RequestOptions,
  attemptSignal: AbortSignal | undefined,
): WireRequest | Promise<WireRequest> {
  const method = (own.method ?? extension.method ?? 'GET').toUpperCase()
  const address = requestUrl(givenUrl, either(extension.searchParams, own.searchParams))
  const headers = [...settings.baseHeaders]
  applyHeaders(headers, extension.headers)
  applyHeaders(headers, own.headers)
  const username = own.username ?? extension.username
  const password = own.password ?? extension.password
  if (username || password) setBasic(headers, username, password)
  else if (address.username !== undefined && headerValue(headers, 'authorization') === undefined)
    setBasic(headers, address.username, address.password)
  const timeout = own.timeout ?? extension.timeout ?? settings.timeoutMs
  const finish = (body: WireRequest['body']): WireRequest => ({
    url: address.url,
    method,
    headers,
    body,
    timeoutMs: timeout === false ? Infinity : timeout,
    maxResponseBytes: settings.maxResponseBytes,
    signal: own.signal ?? extension.signal ?? attemptSignal,
    agent: own.agent ?? extension.agent,
  })
  const json = either(extension.json, own.json)
  const encoding = encodeBody(json, own.body ?? extension.body, method)
  if (encoding instanceof Promise)
    return encoding.then(({ body, contentType }) => {
      addContentType(headers, contentType, false)
      return finish(body)
    })
  addContentType(headers, encoding.contentType, json !== undefined)
  return finish(encoding.body)
}

const either = <Value>(earlier: Value, later: Value): Value =>
  earlier === undefined ? later : later === undefined ? earlier : (mergeValue(earlier, later) as Value)

/** The reference sets the type of `json` over a given one, but leaves a given one of any other body. */
function addContentType(headers: HeaderList, contentType: string | undefined, isForced: boolean): void {
  if (contentType !== undefined && (isForced || headerValue(headers, 'content-type') === undefined))
    setHeader(headers, 'content-type', contentType)
}

let lastBasic = { text: '', value: '' }

/** Most calls of a connection have the same credentials, so the last value is remembered. */
function setBasic(headers: HeaderList, username = '', password = ''): void {
  const text = `${username}:${password}`
  if (text !== lastBasic.text)
    lastBasic = { text, value: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}` }
  setHeader(headers, 'authorization', lastBasic.value)
}
