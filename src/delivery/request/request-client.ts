import { HTTPError } from './http-error'
import { HttpResponse } from './http-response'
import { NetworkError } from './network-error'
import { followRedirect, isRedirect } from './redirect'
import { encodeBody } from './request-body'
import { type MergedOptions, mergeOptions, type RequestOptions } from './request-options'
import type { Transport, WireRequest } from './transport'

/** What `perform` gets as `request`. Rejects with `HTTPError` or `NetworkError`. */
export type RequestClient = (url: string, options?: RequestOptions) => Promise<HttpResponse>

export type RequestClientOptions = {
  readonly transport: Transport
  /** Milliseconds from the first byte out to the last byte in. Default 10,000. */
  readonly timeoutMs?: number
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number
}

/** Prepared once per connection; `with` adds what an event's `extendRequest` says. */
export type RequestClientFactory = { with(options: RequestOptions | undefined): RequestClient }

const defaultTimeoutMs = 10_000
const defaultMaxResponseBytes = 1024 * 1024
const maxRedirects = 20

/** The headers that the reference sends on every request; the same here, so that requests are equal. */
const baseOptions: MergedOptions = { headers: { 'user-agent': 'Segment (Actions)' } }

/** Creates the factory of request clients of one connection. */
export function createRequestClientFactory(options: RequestClientOptions): RequestClientFactory {
  const limits = {
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    maxResponseBytes: options.maxResponseBytes ?? defaultMaxResponseBytes,
  }
  return {
    with(extension) {
      const defaults = mergeOptions(baseOptions, extension)
      return (url, own) => call(options.transport, limits, url, mergeOptions(defaults, own))
    },
  }
}

type CallLimits = { readonly timeoutMs: number; readonly maxResponseBytes: number }

async function call(
  transport: Transport,
  limits: CallLimits,
  url: string,
  given: MergedOptions,
): Promise<HttpResponse> {
  const options = given.beforeRequest ? await runBeforeRequest(given) : given
  const method = options.method?.toUpperCase() ?? 'GET'
  const encoding = encodeBody(options, method)
  const { body, contentType } = encoding instanceof Promise ? await encoding : encoding
  const request: WireRequest = {
    url: options.searchParams ? withSearch(url, options.searchParams) : url,
    method,
    headers: wireHeaders(options, contentType),
    body,
    timeoutMs: timeoutOf(options.timeout, limits.timeoutMs),
    maxResponseBytes: limits.maxResponseBytes,
    signal: options.signal ?? undefined,
  }
  let response = await exchange(transport, request, options.redirect ?? 'follow')
  if (options.afterResponse) response = await runAfterResponse(request, options, response)
  if (!response.ok && options.throwHttpErrors !== false)
    throw new HTTPError(response, { url: request.url, method }, options)
  return response
}

const timeoutOf = (timeout: number | false | undefined, otherwise: number): number =>
  timeout === false ? Infinity : (timeout ?? otherwise)

function wireHeaders(options: MergedOptions, contentType: string | undefined): Record<string, string> {
  const hasBasic = options.username !== undefined || options.password !== undefined
  const needsType = contentType !== undefined && options.headers['content-type'] === undefined
  const needsAccept = options.headers.accept === undefined
  if (!hasBasic && !needsType && !needsAccept) return options.headers
  const headers = { ...options.headers }
  if (needsAccept) headers.accept = '*/*'
  if (needsType) headers['content-type'] = contentType
  if (hasBasic)
    headers.authorization = `Basic ${base64(`${options.username ?? ''}:${options.password ?? ''}`)}`
  return headers
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

function withSearch(url: string, parameters: NonNullable<RequestOptions['searchParams']>): string {
  const parsed = new URL(url)
  const search =
    parameters instanceof URLSearchParams
      ? parameters
      : new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
  parsed.search = search.toString()
  return parsed.href
}

async function exchange(
  transport: Transport,
  first: WireRequest,
  redirect: 'follow' | 'manual' | 'error',
): Promise<HttpResponse> {
  const startedAt = performance.now()
  let request = first
  for (let redirects = 0; ; redirects++) {
    const wire = await transport.send(request)
    const response = new HttpResponse(wire, request.url, redirects > 0)
    const location =
      isRedirect(wire.status) && redirect !== 'manual' ? response.headers.get('location') : null
    if (location === null) return response
    if (redirect === 'error' || redirects === maxRedirects)
      throw new NetworkError('REDIRECT', `unexpected redirect (status ${wire.status})`, {
        isSent: true,
        responseStatus: wire.status,
      })
    const timeoutMs = Math.max(1, first.timeoutMs - (performance.now() - startedAt))
    request = { ...followRedirect(request, wire.status, location), timeoutMs }
  }
}

async function runBeforeRequest(options: MergedOptions): Promise<MergedOptions> {
  let current = options
  for (const hook of options.beforeRequest ?? []) {
    const changed = await hook(current)
    if (changed) current = mergeOptions({ headers: {} }, changed)
  }
  return current
}

async function runAfterResponse(
  request: WireRequest,
  options: MergedOptions,
  response: HttpResponse,
): Promise<HttpResponse> {
  let current = response
  for (const hook of options.afterResponse ?? []) {
    const changed = await hook({ url: request.url, method: request.method }, options, current)
    if (changed) current = changed as HttpResponse
  }
  return current
}
