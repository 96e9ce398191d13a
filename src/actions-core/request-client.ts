import type { RequestOptions } from '@segment/actions-core'
import { exchange } from './internal/exchange'
import { fetchLibrary } from './internal/fetch-library'
import { isObject } from './internal/real-type-of'
import { HTTPError, RequestClientError, RequestTimeoutError } from './internal/request-errors'
import { type AllRequestOptions, mergeOptions, type NormalizedOptions } from './internal/request-options'

export type { RequestOptions } from '@segment/actions-core'
export { HTTPError, RequestClientError, RequestTimeoutError, TimeoutError } from './internal/request-errors'
export type {
  AfterResponseHook,
  AllRequestOptions,
  BeforeRequestHook,
  NormalizedOptions,
} from './internal/request-options'

/** Milliseconds within which a request has to be answered, unless it says otherwise or brings a signal. */
export const DEFAULT_REQUEST_TIMEOUT = 10_000

/** Sends requests; `extend` gives a client with more defaults. */
export type RequestInstance = {
  <R extends Response = Response>(url: string, options?: RequestOptions): Promise<R>
  extend(defaults: AllRequestOptions): RequestInstance
}

/** A request ready to be sent. */
type Prepared = {
  readonly request: Request
  readonly options: NormalizedOptions
  readonly controller: AbortController
}

function prepare(url: string, given: Record<string, unknown>): Prepared {
  const { Request } = fetchLibrary()
  const controller = new AbortController()
  const signal = given.signal as AbortSignal | undefined
  const options = {
    ...given,
    method: ((given.method as string | undefined) ?? 'get').toUpperCase(),
    throwHttpErrors: given.throwHttpErrors !== false,
    timeout: given.timeout ?? (signal ? false : DEFAULT_REQUEST_TIMEOUT),
    signal: AbortSignal.any(signal ? [controller.signal, signal] : [controller.signal]),
  } as NormalizedOptions
  let request = new Request(url, options as RequestInit)
  if (options.searchParams) {
    const target = new URL(request.url)
    target.search = new URLSearchParams(options.searchParams as Record<string, string>).toString()
    request = new Request(new Request(target.toString(), request), options as RequestInit)
  }
  if (options.json !== undefined) {
    options.body = JSON.stringify(options.json)
    request.headers.set('content-type', 'application/json')
    request = new Request(request, { body: options.body })
  }
  return { request, options, controller }
}

async function send(prepared: Prepared, readsBody: boolean): Promise<Response> {
  let { request, options, controller } = prepared
  for (const hook of options.beforeRequest ?? []) {
    const more = await hook({ ...options })
    if (more && isObject(more))
      ({ request, options, controller } = prepare(request.url, mergeOptions(options, more)))
  }
  let response = await exchange({ request, options, controller, readsBody }).catch((error) => {
    throw asClientError(error, request)
  })
  for (const hook of options.afterResponse ?? []) {
    const replacement = await hook(request, options, response)
    if (replacement instanceof fetchLibrary().Response) response = replacement
  }
  if (!response.ok && options.throwHttpErrors) throw new HTTPError(response, request, options)
  return response
}

function asClientError(error: unknown, request: Request): unknown {
  if ((error as Error | undefined)?.name !== 'AbortError') return error
  const reason: unknown = request.signal?.reason
  return (reason as Error | undefined)?.name === 'TimeoutError'
    ? new RequestTimeoutError()
    : new RequestClientError()
}

/** Creates a client. `readsBody`: a request is over when the whole answer is in, within the same time. */
export function createClient(defaults: AllRequestOptions, readsBody: boolean): RequestInstance {
  const client = (url: string, options: RequestOptions = {}) =>
    send(prepare(url, mergeOptions(defaults, options)), readsBody)
  return Object.assign(client, {
    extend: (more: AllRequestOptions) =>
      createClient(mergeOptions(defaults, more) as AllRequestOptions, readsBody),
  }) as RequestInstance
}

/** Creates a plain request client: responses come with their body still to be read. */
export function createInstance(defaults: AllRequestOptions = {}): RequestInstance {
  return createClient(defaults, false)
}

// biome-ignore lint/style/noDefaultExport: the reference's module exports it so
export default createInstance
