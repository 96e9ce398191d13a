import type { GivenHeaders } from './header-list'

/** What `perform` may pass to `request(url, options)`; the options of `@segment/actions-core`. */
export type RequestOptions = {
  method?: string
  /** `undefined` removes a header that was set before. Names in any case. */
  headers?: GivenHeaders
  /** Sent as JSON, with `content-type: application/json` whatever the headers say, as in the reference. */
  json?: unknown
  /** Text, bytes, parameters or a form. */
  body?: unknown
  /** Replace the query of the address. */
  searchParams?: URLSearchParams | Record<string, string | number | boolean> | string
  /** Basic authentication, in UTF-8. */
  username?: string
  password?: string
  /** Milliseconds for the whole exchange, redirects included; `false` for no limit. Default 10,000. */
  timeout?: number | false
  /** Reject with `HTTPError` on a status outside 200 to 299. Default true. */
  throwHttpErrors?: boolean
  /** Ends the exchange early. The deadline holds all the same. */
  signal?: AbortSignal | null
  /** Default `follow`: up to 20 redirects; credentials never go to another origin. */
  redirect?: 'follow' | 'manual' | 'error'
  /** An agent of `node:http` or `node:https`: the request then goes through these, on that agent's connections. */
  agent?: unknown
  beforeRequest?: BeforeRequest[]
  afterResponse?: AfterResponse[]
  /** Accepted for compatibility; nothing is cloned. */
  skipResponseCloning?: boolean
}

/** Runs before a request; what it returns goes over the request's options. */
export type BeforeRequest = (
  options: RequestOptions,
) => RequestOptions | undefined | Promise<RequestOptions | undefined>
/** Runs after the answer came; a response that it returns takes its place. */
export type AfterResponse = (request: unknown, options: RequestOptions, response: unknown) => unknown

/**
 * Puts later options over earlier ones: headers by name, hooks one after the other, members of plain objects
 * (`json`, `searchParams`) one by one, everything else replaced.
 */
export function mergeOptions(earlier: RequestOptions, later: RequestOptions): RequestOptions {
  const merged: Record<string, unknown> = { ...earlier }
  for (const [key, value] of Object.entries(later))
    merged[key] = key === 'headers' ? mergeHeaders(merged.headers, value) : mergeValue(merged[key], value)
  return merged as RequestOptions
}

function mergeHeaders(earlier: unknown, later: unknown): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const given of [earlier, later])
    for (const [name, value] of entriesOf(given)) merged[name.toLowerCase()] = value
  return merged
}

const entriesOf = (given: unknown): Iterable<readonly [string, unknown]> =>
  typeof given !== 'object' || given === null
    ? []
    : Symbol.iterator in given
      ? (given as Iterable<readonly [string, unknown]>)
      : Object.entries(given)

/** Of a value in both the extension and the call: lists are joined, plain objects merged. */
export function mergeValue(earlier: unknown, later: unknown): unknown {
  if (Array.isArray(earlier) && Array.isArray(later)) return [...earlier, ...later]
  if (!isPlainObject(earlier) || !isPlainObject(later)) return later
  const merged = { ...earlier }
  for (const [key, value] of Object.entries(later)) merged[key] = mergeValue(merged[key], value)
  return merged
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
