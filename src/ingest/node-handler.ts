import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BodyBudget } from './body-budget'
import type { FailureCode, Reply } from './reply'
import { ClientGone, type ReadBody, type RequestHead } from './request-handler'

/** How long what a refused client still sends is thrown away, so that it can read the reply. */
const drainMs = 2_000

const pathOf = (url: string | undefined): string => {
  const plain = (url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const query = plain.search(/[?#]/)
  return (query === -1 ? plain : plain.slice(0, query)) || '/'
}

const headOf = (incoming: IncomingMessage): RequestHead => ({
  method: incoming.method ?? 'GET',
  path: pathOf(incoming.url),
  header(name) {
    const value = incoming.headers[name]
    return typeof value === 'object' ? value.join(', ') : value
  },
  peer: incoming.socket.remoteAddress,
})

type Bounds = { readonly timeoutMs: number; readonly budget: BodyBudget }

/** Collects the body of a request within bounds of bytes and time. `taken` says what it holds of the budget. */
function bodyOf(incoming: IncomingMessage, { timeoutMs, budget }: Bounds) {
  const state = { taken: 0 }
  const read: ReadBody = (maxBytes) =>
    new Promise((resolve, reject) => {
      if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) {
        resolve('payload_too_large')
        return
      }
      const chunks: Buffer[] = []
      let size = 0
      const end = (result: Buffer | FailureCode | ClientGone): void => {
        clearTimeout(timer)
        incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
        if (result instanceof ClientGone) reject(result)
        else resolve(result)
      }
      const onData = (chunk: Buffer): void => {
        size += chunk.length
        if (size > maxBytes) end('payload_too_large')
        else if (!budget.take(chunk.length)) end('overloaded')
        else {
          state.taken += chunk.length
          chunks.push(chunk)
        }
      }
      const onEnd = (): void => end(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
      const onGone = (): void => end(new ClientGone())
      const timer = setTimeout(() => end('too_slow'), timeoutMs)
      incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
    })
  return { read, release: () => budget.release(state.taken) }
}

function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body, isLast }: Reply,
): void {
  const isCut = !incoming.complete
  outgoing.writeHead(status, {
    ...headers,
    ...(status !== 204 && { 'content-length': Buffer.byteLength(body) }),
    ...((isLast === true || isCut) && { connection: 'close' }),
  })
  outgoing.end(body)
  if (!isCut) return
  incoming.on('error', () => undefined).resume()
  const { socket } = incoming
  const timer = setTimeout(() => socket.destroy(), drainMs)
  socket.once('close', () => clearTimeout(timer))
}

/** A handler for `node:http`. Paths that are not of the Tracking API go to `next`, where there is one. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse, next?: () => void) => void

export function createNodeHandler(
  handle: (head: RequestHead, readBody: ReadBody) => Promise<Reply>,
  isOurs: (path: string) => boolean,
  bounds: Bounds,
): NodeHandler {
  return (incoming, outgoing, next) => {
    const head = headOf(incoming)
    if (next !== undefined && !isOurs(head.path)) {
      next()
      return
    }
    const { read, release } = bodyOf(incoming, bounds)
    handle(head, read)
      .then(
        (reply) => send(incoming, outgoing, reply),
        () => outgoing.destroy(),
      )
      .finally(release)
  }
}
