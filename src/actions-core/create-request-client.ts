import type { ModifiedResponse, RequestOptions } from '@segment/actions-core'
import {
  type AfterResponseHook,
  type AllRequestOptions,
  type BeforeRequestHook,
  requireOptions,
} from './internal/request-options'
import { createClient, type RequestInstance } from './request-client'

export type { ModifiedResponse, RequestClient, RequestOptions } from '@segment/actions-core'

/** An error of the client, as far as its status goes. */
export type ResponseError = Error & { status?: number }

/** Sends a request; the answer carries its text as `content` and its parsed JSON as `data`. */
export type RequestFunction = <Data = unknown>(
  url: string,
  options?: RequestOptions,
) => Promise<ModifiedResponse<Data>>

/** User name and password become Basic credentials, encoded as UTF-8. */
const addBasicCredentials: BeforeRequestHook = ({ username, password }) => {
  if (!username && !password) return undefined
  const credentials = Buffer.from(`${username || ''}:${password || ''}`).toString('base64')
  return { headers: { Authorization: `Basic ${credentials}` } }
}

/** Reads the body; unless the options skip it, the body can still be read once by others. */
const readContent: AfterResponseHook = async (_request, options, response) => {
  const modified = response as ModifiedResponse
  const statsClient = options.statsContext?.statsClient
  let content: string
  if (options.skipResponseCloning) content = await response.text()
  else {
    statsClient?.incr('before-response-clone', 1)
    content = await response.clone().text()
    statsClient?.incr('after-response-clone', 1)
  }
  const isJson = response.headers.get('content-type')?.includes('application/json')
  modified.content = content
  modified.data = isJson ? parsed(content) : content
  return modified
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Headers print as a plain object. */
const addToJson: AfterResponseHook = (_request, _options, response) => {
  Object.defineProperty(response.headers, 'toJSON', {
    enumerable: false,
    value: () => Object.fromEntries(response.headers.entries()),
  })
  return response
}

let base: RequestInstance | undefined

function baseClient(): RequestInstance {
  base ??= createClient(
    {
      headers: { 'user-agent': 'Segment (Actions)' },
      beforeRequest: [addBasicCredentials],
      afterResponse: [readContent, addToJson],
    },
    true,
  )
  return base
}

/** Creates the request client that `perform` gets; later options go over earlier ones. */
export function createRequestClient(...options: AllRequestOptions[]): RequestFunction {
  for (const each of options) requireOptions(each)
  const create = () => options.reduce((extended, each) => extended.extend(each), baseClient())
  // Only headers can be refused, and that shows here; everything else waits until something is sent.
  let client = options.some(({ headers }) => headers) ? create() : undefined
  return (url, requestOptions) => {
    client ??= create()
    return client(url, requestOptions)
  }
}

// biome-ignore lint/style/noDefaultExport: the reference's module exports it so
export default createRequestClient
