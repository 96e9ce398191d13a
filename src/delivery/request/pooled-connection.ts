import type { buildConnector, Client } from 'undici'
import { skipInterimResponses } from './skip-interim-responses'

/** One connection of a pool, used by one exchange at a time. It is made when it is first used, and again when it was closed. */
export type PooledConnection = {
  readonly client: Client
  /** Exchanges begun since it was connected. */
  uses: number
  isConnected: boolean
  isIdle: boolean
  /** Since when it is idle, in the milliseconds of `performance.now()`. */
  idleSince: number
  /** Whether the present exchange has no status yet. */
  isAwaitingResponse: boolean
}

/** Creates a connection. `onClosed` is called when the other side closes it. */
export function createPooledConnection(
  origin: string,
  connect: buildConnector.connector,
  onClosed: (connection: PooledConnection) => void,
): PooledConnection {
  const { Client: UndiciClient } = require('undici') as typeof import('undici')
  const client = new UndiciClient(origin, {
    connect(options, callback) {
      connect(options, (...result) => {
        const [, socket] = result
        if (socket) skipInterimResponses(socket, () => connection.isAwaitingResponse)
        callback(...result)
      })
    },
    pipelining: 1,
    // One deadline of ours covers headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const connection: PooledConnection = {
    client,
    uses: 0,
    isConnected: false,
    isIdle: true,
    idleSince: 0,
    isAwaitingResponse: false,
  }
  client.on('connect', () => {
    connection.isConnected = true
    connection.uses = connection.isIdle ? 0 : 1
  })
  client.on('disconnect', (_origin, _clients, error) => {
    if (isOfOtherSide(error)) onClosed(connection)
    connection.isConnected = false
    connection.uses = 0
  })
  return connection
}

/** Whether a connection ended because the other side closed it, rather than by a time-out or an end of ours. */
const isOfOtherSide = ({ code }: { code?: unknown }): boolean =>
  code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
