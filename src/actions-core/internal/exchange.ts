import { Readable } from 'node:stream'
import { fetchLibrary } from './fetch-library'
import { holdAgent } from './hold-agent'
import { TimeoutError } from './request-errors'
import type { NormalizedOptions } from './request-options'

/** What is sent, and how long it may take. */
export type Exchange = {
  readonly request: Request
  readonly options: NormalizedOptions
  /** Ends the request when the time is up. */
  readonly controller: AbortController
  /** The answer counts only when its body is in. */
  readonly readsBody: boolean
}

type FetchedResponse = Response & { buffer(): Promise<Buffer>; size: number; timeout: number }

/** Sends a request under one deadline. Fails with a `TimeoutError`, a `FetchError`, or an `AbortError`. */
export async function exchange(given: Exchange): Promise<Response> {
  const { request, options, controller } = given
  if (options.timeout === false) return fetchResponse(given)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort()
      reject(new TimeoutError(request, options))
    }, options.timeout as number)
  })
  const answer = fetchResponse(given)
  // After the deadline nobody waits for the answer any more.
  answer.catch(() => undefined)
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

async function fetchResponse({ request, options, readsBody }: Exchange): Promise<Response> {
  if (readsBody) return fetchWholeResponse(request, options.agent)
  const response = (await fetchLibrary().fetch(sendable(request))) as FetchedResponse
  // A signal that fires later reports to the body, which may have no reader: that must not end the process.
  if (response.body instanceof Readable) response.body.on('error', () => undefined)
  return response
}

async function fetchWholeResponse(request: Request, agent: unknown): Promise<Response> {
  const release = holdAgent(agent)
  try {
    return await withReadBody((await fetchLibrary().fetch(sendable(request))) as FetchedResponse)
  } finally {
    release()
  }
}

/** Hooks and tests may read the request's body, so a copy is sent; a stream cannot be read twice. */
const sendable = (request: Request): Request =>
  (request.body as unknown) instanceof Readable ? request : request.clone()

/**
 * The same answer with its body in memory. Reading a clone while the original waits would never end for bodies
 * larger than a stream's buffer.
 */
async function withReadBody(response: FetchedResponse): Promise<Response> {
  const { Response } = fetchLibrary()
  const body = await response.buffer()
  const { status, statusText, headers, url, size, timeout, redirected } = response
  const init = { status, statusText, headers, url, size, timeout, counter: redirected ? 1 : 0 }
  return new Response(body as unknown as BodyInit, init)
}
