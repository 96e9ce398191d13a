import type { BodyBudget } from './body-budget'
import type { FailureCode, Reply } from './reply'
import { ClientGone, type ReadBody, type RequestHead } from './request-handler'

type Bounds = { readonly timeoutMs: number; readonly budget: BodyBudget }

function bodyOf(request: Request, { timeoutMs, budget }: Bounds) {
  const state = { taken: 0 }
  const read: ReadBody = async (maxBytes) => {
    if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'payload_too_large'
    if (request.body === null) return Buffer.alloc(0)
    const reader = request.body.getReader()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reader.cancel().catch(() => undefined)
    }, timeoutMs)
    const stop = (code: FailureCode): FailureCode => {
      reader.cancel().catch(() => undefined)
      return code
    }
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (isLate) return 'too_slow'
        if (done) return Buffer.concat(chunks, size)
        size += value.length
        if (size > maxBytes) return stop('payload_too_large')
        if (!budget.take(value.length)) return stop('overloaded')
        state.taken += value.length
        chunks.push(value)
      }
    } catch {
      throw new ClientGone('the body broke off')
    } finally {
      clearTimeout(timer)
    }
  }
  return { read, release: () => budget.release(state.taken) }
}

const responseOf = ({ status, headers, body, isLast }: Reply): Response =>
  new Response(status === 204 ? null : body, {
    status,
    headers: { ...headers, ...(isLast === true && { connection: 'close' }) },
  })

/** A handler in the form of the Web: for hono, Deno-like servers and tests. `remoteAddress` is the client's, where it is known. */
export type FetchHandler = (request: Request, info?: { readonly remoteAddress?: string }) => Promise<Response>

export function createFetchHandler(
  handle: (head: RequestHead, readBody: ReadBody) => Promise<Reply>,
  bounds: Bounds,
): FetchHandler {
  return async (request, info) => {
    const { read, release } = bodyOf(request, bounds)
    try {
      const head = {
        method: request.method,
        path: new URL(request.url).pathname,
        header: (name: string) => request.headers.get(name) ?? undefined,
        peer: info?.remoteAddress,
      }
      return responseOf(await handle(head, read))
    } finally {
      release()
    }
  }
}
