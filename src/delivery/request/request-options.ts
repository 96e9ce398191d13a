/** What `perform` may pass to `request(url, options)`; the options of `@segment/actions-core`. */
export type RequestOptions = {
  method?: string
  /** `undefined` removes a header that was set before. Names in any case. */
  headers?: Record<string, string | undefined>
  /** Sent as JSON, with `content-type: application/json` unless the headers say otherwise. */
  json?: unknown
  body?: unknown
  /** Replace the query of the address. */
  searchParams?: URLSearchParams | Record<string, string | number | boolean>
  /** Basic authentication, in UTF-8. */
  username?: string
  password?: string
  /** Milliseconds for the whole exchange, redirects included; `false` for no limit. Default 10,000. */
  timeout?: number | false
  /** Reject with `HTTPError` on a status outside 200 to 299. Default true. */
  throwHttpErrors?: boolean
  signal?: AbortSignal | null
  /** Default `follow`: up to 20 redirects; credentials never go to another origin. */
  redirect?: 'follow' | 'manual' | 'error'
  beforeRequest?: BeforeRequest[]
  afterResponse?: AfterResponse[]
  /** Accepted for compatibility; nothing is cloned. */
  skipResponseCloning?: boolean
}

export type BeforeRequest = (
  options: RequestOptions,
) => RequestOptions | undefined | Promise<RequestOptions | undefined>
export type AfterResponse = (request: unknown, options: RequestOptions, response: unknown) => unknown

/** Options with everything merged: header names are lower case. */
export type MergedOptions = Omit<RequestOptions, 'headers'> & { headers: Record<string, string> }

/** Goes over earlier options: headers by name, hooks one after the other, everything else replaced. */
export function mergeOptions(earlier: MergedOptions, later: RequestOptions | undefined): MergedOptions {
  if (later === undefined) return earlier
  const merged: MergedOptions = {
    ...earlier,
    ...(later as Omit<RequestOptions, 'headers'>),
    headers: earlier.headers,
  }
  if (later.headers) merged.headers = mergeHeaders(earlier.headers, later.headers)
  if (earlier.beforeRequest && later.beforeRequest)
    merged.beforeRequest = [...earlier.beforeRequest, ...later.beforeRequest]
  if (earlier.afterResponse && later.afterResponse)
    merged.afterResponse = [...earlier.afterResponse, ...later.afterResponse]
  return merged
}

function mergeHeaders(
  earlier: Record<string, string>,
  later: Record<string, string | undefined>,
): Record<string, string> {
  const headers = { ...earlier }
  const entries = later instanceof Headers ? [...later] : Object.entries(later)
  for (const [key, value] of entries) {
    const name = key.toLowerCase()
    if (value === undefined) delete headers[name]
    else headers[name] = String(value)
  }
  return headers
}
