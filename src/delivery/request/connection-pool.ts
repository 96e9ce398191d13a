import type { Client } from 'undici'
import type { TlsOptions } from './transport'

/** Who waits for a connection. */
export type ConnectionUser = { useConnection(client: Client): void }

/** Keep-alive connections to one origin, each used by one exchange at a time. */
export type ConnectionPool = {
  /** Hands a free connection to the user, now or when one is free, in the order of the calls. */
  acquire(user: ConnectionUser): void
  /** Hands a connection back, when the network stack is done with the exchange. */
  release(client: Client): void
  /** Resolves when every exchange has ended and the connections are closed. */
  close(): Promise<void>
}

const connectTimeoutMs = 10_000

/**
 * Creates a pool that opens a connection only when all others are in use: undici's own opens more, since it counts
 * a connection as busy for a moment after an answer. TLS sessions are shared by the connections.
 */
export function createConnectionPool(
  origin: string,
  options: { readonly connections: number; readonly tls?: TlsOptions | undefined },
): ConnectionPool {
  const undici = require('undici') as typeof import('undici')
  const connect = undici.buildConnector({ ...(options.tls as object), timeout: connectTimeoutMs })
  const clients: Client[] = []
  const idle: Client[] = []
  const waiting: ConnectionUser[] = []
  let whenIdle: (() => void) | undefined

  const open = (): Client => {
    // One deadline of ours covers headers and body.
    const client = new undici.Client(origin, { connect, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
    clients.push(client)
    return client
  }
  return {
    acquire(user) {
      // The last one used is the least likely to have been closed by the other side.
      const client = idle.pop() ?? (clients.length < options.connections ? open() : undefined)
      if (client === undefined) waiting.push(user)
      else user.useConnection(client)
    },
    release(client) {
      const next = waiting.shift()
      if (next !== undefined) {
        next.useConnection(client)
        return
      }
      idle.push(client)
      if (idle.length === clients.length) whenIdle?.()
    },
    async close() {
      if (idle.length < clients.length)
        await new Promise<void>((resolve) => {
          whenIdle = resolve
        })
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
