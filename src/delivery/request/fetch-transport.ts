import { type Progress, watchDeadline } from './deadline'
import { headersAsObject } from './header-list'
import { isOfBody, malformedRequest, networkError, tooLarge } from './network-error'
import type { Transport, WireRequest, WireResponse } from './transport'

type Fetch = typeof globalThis.fetch

/**
 * Sends through a `fetch` of the caller's: a recorder, a test double, an own HTTP stack. The function is looked up
 * at each call, so that it may be replaced later. Whether a request that failed was sent is known only for errors
 * that come before sending by their nature; all others count as sent.
 */
export function createFetchTransport(fetchOf: () => Fetch): Transport {
  return {
    send: (request) => exchange(fetchOf(), request),
    close: async () => undefined,
  }
}

async function exchange(fetch: Fetch, request: WireRequest): Promise<WireResponse> {
  if (!isWellFormed(request)) throw malformedRequest()
  const controller = new AbortController()
  const progress: Progress = { isSent: false, status: 0 }
  let endWatch = (): void => undefined
  // Not every fetch obeys its signal in every phase, so the exchange ends without waiting for it.
  const stopped = new Promise<never>((_, reject) => {
    endWatch = watchDeadline(request, progress, (error) => {
      reject(error)
      controller.abort(error)
    })
  })
  stopped.catch(() => undefined)
  let head: Omit<WireResponse, 'body'> | undefined
  const receive = async (): Promise<WireResponse> => {
    const response = await begin(fetch, request, progress, controller)
    const { status, statusText } = response
    progress.status = status
    head = { status, statusText, rawHeaders: [...response.headers].flat() }
    return { ...head, body: await readBody(response, request.maxResponseBytes) }
  }
  try {
    return await Promise.race([receive(), stopped])
  } catch (error) {
    controller.abort()
    const failure = networkError(error, true, progress.status || undefined)
    if (head !== undefined && isOfBody(failure)) return { ...head, body: nothing, unreadable: failure }
    throw failure
  } finally {
    endWatch()
  }
}

const nothing = new Uint8Array()

function begin(
  fetch: Fetch,
  request: WireRequest,
  progress: Progress,
  { signal }: AbortController,
): Promise<Response> {
  signal.throwIfAborted()
  progress.isSent = true
  return fetch(request.url, {
    method: request.method,
    headers: headersAsObject(request.headers),
    body: (request.body ?? null) as NonNullable<RequestInit['body']> | null,
    redirect: 'manual',
    signal,
  })
}

const isWellFormed = ({ headers }: WireRequest): boolean =>
  headers.every((part, index) =>
    index % 2 === 0 ? /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(part) : /^[\t\x20-\x7e\x80-\xff]*$/.test(part),
  )

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  // The bodies of some implementations are streams of another kind, those of test doubles often none at all.
  if (typeof response.body?.getReader !== 'function') {
    const body = new Uint8Array(await response.arrayBuffer())
    if (body.length > maxBytes) throw tooLarge(maxBytes, response.status)
    return body
  }
  const reader = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks, size)
    size += value.length
    // The caller aborts the exchange, which closes the connection.
    if (size > maxBytes) throw tooLarge(maxBytes, response.status)
    chunks.push(value)
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}
