import {
  type ConnectionPool,
  type ConnectionUser,
  createConnectionPool,
  type PoolOptions,
} from './connection-pool'
import { decodeContent } from './content-encoding'
import { type Progress, startDeadline, watchSignal } from './deadline'
import { createHttpTransport } from './http-transport'
import { isOfBody, NetworkError, networkError, tooLarge } from './network-error'
import type { PooledConnection } from './pooled-connection'
import type { Transport, WireRequest, WireResponse } from './transport'

/** How many connections are kept per origin; 16 to 64 serve best, more cost throughput. */
const defaultConnections = 64
/** Origins whose connections are kept; an action whose address comes from the event may call any number. */
const maxPools = 256

/**
 * Pooled keep-alive connections, one pool per origin, TLS sessions reused, no pipelining. Uses the dispatch
 * interface, since `fetch` costs some fifteen times as much per request. A request with an agent of its own goes
 * through `node:http`, which knows what to do with one.
 */
export function createUndiciTransport(options: Partial<PoolOptions> = {}): Transport {
  const pools = new Map<string, ConnectionPool>()
  let forAgents: Transport | undefined
  const poolOf = (origin: string): ConnectionPool => {
    let pool = pools.get(origin)
    if (pool === undefined) {
      if (pools.size >= maxPools) closeOldest(pools)
      pool = createConnectionPool(origin, { connections: defaultConnections, ...options })
      pools.set(origin, pool)
    }
    return pool
  }
  return {
    send(request) {
      if (request.agent) {
        forAgents ??= createHttpTransport(options)
        return forAgents.send(request)
      }
      return new Promise((resolve, reject) => {
        const slash = request.url.indexOf('/', 8)
        const origin = slash < 0 ? request.url : request.url.slice(0, slash)
        const path = slash < 0 ? '/' : request.url.slice(slash)
        new Exchange(request, path, poolOf(origin), resolve, reject).start()
      })
    },
    async close() {
      const open = [...pools.values()]
      pools.clear()
      await Promise.all([...open.map((pool) => pool.close()), forAgents?.close()])
    },
  }
}

function closeOldest(pools: Map<string, ConnectionPool>): void {
  for (const [origin, pool] of pools) {
    pools.delete(origin)
    pool.close().catch(() => undefined)
    return
  }
}

/** One request and its answer. A class, since one is made per request and its methods should not be. */
class Exchange implements Progress, ConnectionUser {
  isSent = false
  status = 0
  private isOver = false
  private statusText = ''
  private rawHeaders: readonly Buffer[] = []
  private body: Buffer | undefined
  private more: Buffer[] | undefined
  private size = 0
  private connection: PooledConnection | undefined
  private abort: ((error: Error) => void) | undefined
  private readonly endWatch: () => void
  private endDeadline: (() => void) | undefined

  constructor(
    private readonly request: WireRequest,
    private readonly path: string,
    private readonly pool: ConnectionPool,
    private readonly resolve: (response: WireResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.endWatch = watchSignal(request, this, (error) => this.fail(error))
  }

  start(): void {
    if (this.isOver) this.endWatch()
    else this.pool.acquire(this)
  }

  useConnection(connection: PooledConnection): void {
    if (this.isOver) {
      this.pool.release(connection)
      return
    }
    this.connection = connection
    // Waiting for a connection is no fault of the destination's.
    this.endDeadline = startDeadline(this.request, this, (error) => this.fail(error))
    connection.isAwaitingResponse = true
    const { method, headers: own, body } = this.request
    const { forward } = this.pool
    const path = forward === undefined ? this.path : forward.prefix + this.path
    const headers = (forward === undefined ? own : [...own, ...forward.headers]) as string[]
    connection.client.dispatch({ path, method: method as 'POST', headers, body: body ?? null }, this)
  }

  /** From here on bytes may be on their way: the connection stands and the request is about to be written. */
  onConnect(abort: (error?: Error) => void): void {
    this.abort = abort
    if (this.isOver) abort(new NetworkError('ABORTED', 'ended before it was sent', { isSent: false }))
    else this.isSent = true
  }

  onHeaders(status: number, rawHeaders: Buffer[], _resume: () => void, statusText: string): boolean {
    if (status < 200) return true
    if (this.connection !== undefined) this.connection.isAwaitingResponse = false
    this.status = status
    this.statusText = statusText
    this.rawHeaders = rawHeaders
    return true
  }

  onData(chunk: Buffer): boolean {
    this.size += chunk.length
    if (this.size > this.request.maxResponseBytes) {
      this.fail(tooLarge(this.request.maxResponseBytes, this.status))
      return false
    }
    if (this.body === undefined) this.body = chunk
    else if (this.more === undefined) this.more = [this.body, chunk]
    else this.more.push(chunk)
    return true
  }

  onComplete(): void {
    this.release()
    if (this.isOver) return
    const { status, statusText, rawHeaders, more, size } = this
    const received = more ? Buffer.concat(more, size) : (this.body ?? nothing)
    try {
      const body = decodeContent(received, rawHeaders, status, this.request.maxResponseBytes)
      this.end()
      this.resolve({ status, statusText, rawHeaders, body })
    } catch (error) {
      this.fail(error as NetworkError, received)
    }
  }

  onError(error: Error): void {
    // Later: undici insists that a connection it could not open has no further request when all have been told.
    queueMicrotask(() => this.release())
    this.fail(networkError(error, this.isSent, this.status || undefined))
  }

  /** Only when undici is done: an exchange may be over for us while its connection is not. */
  private release(): void {
    if (this.connection !== undefined) this.pool.release(this.connection)
    this.connection = undefined
  }

  /** `body`: what there is of it. */
  private fail(error: Error, body: Uint8Array = nothing): void {
    if (this.isOver) return
    this.end()
    const { status, statusText, rawHeaders } = this
    if (isOfBody(error)) this.resolve({ status, statusText, rawHeaders, body, unreadable: error })
    else this.reject(error)
    this.abort?.(error)
  }

  private end(): void {
    this.isOver = true
    // Not there yet when the signal had fired before the exchange was made.
    this.endWatch?.()
    this.endDeadline?.()
  }
}

const nothing = Buffer.alloc(0)
