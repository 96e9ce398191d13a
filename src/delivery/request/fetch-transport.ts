import { aborted, type NetworkError, networkError, timedOut, tooLarge } from './network-error'
import type { Transport, WireRequest, WireResponse } from './transport'

type Fetch = typeof globalThis.fetch

/**
 * Sends through a `fetch` of the caller's: a recorder, a test double, an own HTTP stack. The function is looked up
 * at each call, so that it may be replaced later.
 */
export function createFetchTransport(fetchOf: () => Fetch): Transport {
  return {
    send: (request) => exchange(fetchOf(), request),
    close: async () => undefined,
  }
}

async function exchange(fetch: Fetch, request: WireRequest): Promise<WireResponse> {
  const { signal, timeoutMs } = request
  const controller = new AbortController()
  let status: number | undefined
  let stop: NetworkError | undefined
  const stopWith = (error: NetworkError): void => {
    stop ??= error
    controller.abort(stop)
  }
  const onSignal = (): void => stopWith(aborted(signal as AbortSignal, true))
  if (signal?.aborted) throw aborted(signal, false)
  signal?.addEventListener('abort', onSignal, { once: true })
  const timer =
    timeoutMs === Infinity
      ? undefined
      : setTimeout(() => stopWith(timedOut(timeoutMs, true, status)), timeoutMs)
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(stop), { once: true })
  })
  stopped.catch(() => undefined)
  try {
    const response = await Promise.race([
      fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: (request.body ?? null) as NonNullable<RequestInit['body']> | null,
        redirect: 'manual',
        signal: controller.signal,
      }),
      stopped,
    ])
    status = response.status
    const body = await Promise.race([readBody(response, request.maxResponseBytes), stopped])
    return { status, statusText: response.statusText, rawHeaders: [...response.headers].flat(), body }
  } catch (error) {
    throw stop ?? networkError(error, true)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onSignal)
  }
}

async function readBody(response: Response, maxResponseBytes: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0)
  const reader = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > maxResponseBytes) {
      await reader.cancel()
      throw tooLarge(maxResponseBytes, response.status)
    }
    chunks.push(value)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}
