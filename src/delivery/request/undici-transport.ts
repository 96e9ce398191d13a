import type { Pool } from 'undici'
import { aborted, NetworkError, networkError, timedOut, tooLarge } from './network-error'
import type { Transport, WireRequest, WireResponse } from './transport'

/** How many connections are kept per origin; 16 to 64 serve best, more cost throughput. */
const defaultConnections = 64

/**
 * Pooled keep-alive connections, one pool per origin, TLS sessions reused, no pipelining. Uses the dispatch
 * interface, since `fetch` costs some fifteen times as much per request.
 */
export function createUndiciTransport(options: { connections?: number } = {}): Transport {
  const pools = new Map<string, Pool>()
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin)
    if (!pool) {
      const undici = require('undici') as typeof import('undici')
      pool = new undici.Pool(origin, {
        connections: options.connections ?? defaultConnections,
        pipelining: 1,
        // One deadline of ours covers connecting, headers and body.
        headersTimeout: 0,
        bodyTimeout: 0,
        connectTimeout: 0,
      })
      pools.set(origin, pool)
    }
    return pool
  }
  return {
    send: (request) => {
      const { origin, path } = splitUrl(request.url)
      return new Promise((resolve, reject) => exchange(poolOf(origin), path, request, resolve, reject))
    },
    close: async () => {
      const open = [...pools.values()]
      pools.clear()
      await Promise.all(open.map((pool) => pool.close()))
    },
  }
}

const splitCache = new Map<string, { origin: string; path: string }>()
const maxSplits = 512

/** Actions call few addresses many times, so the last ones are remembered. */
function splitUrl(url: string): { origin: string; path: string } {
  const known = splitCache.get(url)
  if (known) return known
  const parsed = new URL(url)
  const split = { origin: parsed.origin, path: parsed.pathname + parsed.search }
  if (splitCache.size >= maxSplits) splitCache.clear()
  splitCache.set(url, split)
  return split
}

function exchange(
  pool: Pool,
  path: string,
  request: WireRequest,
  resolve: (response: WireResponse) => void,
  reject: (error: NetworkError) => void,
): void {
  const { signal, timeoutMs, maxResponseBytes } = request
  const chunks: Buffer[] = []
  let size = 0
  let status = 0
  let statusText = ''
  let rawHeaders: readonly string[] = []
  let isWritten = false
  let isOver = false
  let abort: ((error: Error) => void) | undefined

  const end = (): void => {
    isOver = true
    if (timer !== undefined) clearTimeout(timer)
    signal?.removeEventListener('abort', onSignal)
  }
  const fail = (error: NetworkError): void => {
    if (isOver) return
    end()
    reject(error)
    abort?.(error)
  }
  const onSignal = (): void => fail(aborted(signal as AbortSignal, isWritten))
  const onDeadline = (): void => fail(timedOut(timeoutMs, isWritten, status === 0 ? undefined : status))
  const timer = timeoutMs === Infinity ? undefined : setTimeout(onDeadline, timeoutMs)

  if (signal?.aborted) {
    fail(aborted(signal, false))
    return
  }
  signal?.addEventListener('abort', onSignal, { once: true })
  pool.dispatch(
    {
      path,
      method: request.method as 'POST',
      headers: request.headers,
      body: request.body ?? null,
    },
    {
      onConnect(abortRequest) {
        abort = abortRequest as (error: Error) => void
        if (isOver) abort(new NetworkError('ABORTED', 'ended before it was sent', { isSent: false }))
        else isWritten = true
      },
      onHeaders(statusCode, headers, _resume, text) {
        if (statusCode < 200) return true
        status = statusCode
        statusText = text
        rawHeaders = headers.map((part) => part.toString('latin1'))
        return true
      },
      onData(chunk) {
        size += chunk.length
        if (size > maxResponseBytes) {
          fail(tooLarge(maxResponseBytes, status))
          return false
        }
        chunks.push(chunk)
        return true
      },
      onComplete() {
        if (isOver) return
        end()
        const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
        resolve({ status, statusText, rawHeaders, body })
      },
      onError(error) {
        fail(networkError(error, isWritten))
      },
    },
  )
}
