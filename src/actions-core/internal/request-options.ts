import type { RequestOptions, StatsContext } from '@segment/actions-core'
import { fetchLibrary } from './fetch-library'
import { isObject } from './real-type-of'

type MaybePromise<T> = T | Promise<T>

/** Called before a request; the options it returns are merged over those of the request. */
export type BeforeRequestHook = (
  options: NormalizedOptions,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing
) => MaybePromise<RequestOptions | void>

/** Called after an answer; the response it returns takes the place of the answer. */
export type AfterResponseHook = (
  request: Request,
  options: NormalizedOptions,
  response: Response,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing
) => MaybePromise<Response | void>

/** All options of a request client. */
export type AllRequestOptions = RequestOptions & {
  beforeRequest?: BeforeRequestHook[]
  afterResponse?: AfterResponseHook[]
  statsContext?: StatsContext
}

/** Options as hooks and errors get them. */
export type NormalizedOptions = Omit<AllRequestOptions, 'headers' | 'method'> & {
  headers: RequestInit['headers']
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD'
}

type Options = Record<string, unknown>

const isObjectLike = (value: unknown): value is Options => value !== null && typeof value === 'object'

/**
 * Joins options, the later over the earlier: headers by name in any case, lists one after the other, objects by
 * property. A header that is undefined removes the one below it.
 */
export function mergeOptions(...sources: readonly object[]): Options {
  for (const source of sources) requireOptions(source)
  return merge({}, ...sources) as Options
}

/** Throws unless the options are an object. */
export function requireOptions(options: unknown): void {
  if (!isObject(options)) throw new TypeError(`The 'options' argument must be an object`)
}

function merge(...sources: readonly unknown[]): unknown {
  let result: Options | unknown[] = {}
  let headers: unknown = {}
  for (const source of sources) {
    if (Array.isArray(source)) result = Array.isArray(result) ? [...result, ...source] : [...source]
    else if (isObjectLike(source)) {
      const target = result as Options
      for (const [key, value] of Object.entries(source))
        target[key] = isObjectLike(value) && key in target ? merge(target[key], value) : value
      if (isObjectLike(source.headers)) headers = mergeHeaders(headers, source.headers)
    }
    // Objects inside get `headers` too: a fact of the reference, which shows in merged `json` and `searchParams`.
    ;(result as Options).headers = headers
  }
  return result
}

function mergeHeaders(below: unknown, above: unknown): Headers {
  const { Headers } = fetchLibrary()
  const result = new Headers((below || {}) as HeadersInit)
  new Headers((above || {}) as HeadersInit).forEach((value, name) => {
    if (value === 'undefined') result.delete(name)
    else result.set(name, value)
  })
  return result
}
