import { createWaitingLine } from '../waiting-line'
import { createClosingHabit } from './closing-habit'
import { type ConnectorOptions, connectorOf } from './connector'
import { createPooledConnection, type PooledConnection } from './pooled-connection'
import { type ChosenProxy, type ProxyOptions, proxyFor } from './proxy'

/** Who waits for a connection. */
export type ConnectionUser = { useConnection(connection: PooledConnection): void }

/** What is added to a request that a proxy forwards. */
export type Forward = { readonly prefix: string; readonly headers: readonly string[] }

const forwardTo = (origin: string, { authorization }: ChosenProxy): Forward => ({
  prefix: origin,
  headers: authorization === undefined ? [] : ['proxy-authorization', authorization],
})

/** Keep-alive connections to one origin, each used by one exchange at a time. */
export type ConnectionPool = {
  /** Hands a free connection to the user, now or when one is free, in the order of the calls. */
  acquire(user: ConnectionUser): void
  /** Hands a connection back, when the network stack is done with the exchange. */
  release(connection: PooledConnection): void
  /** Present where a proxy is asked for whole addresses. */
  readonly forward: Forward | undefined
  /** Resolves when every exchange has ended and the connections are closed. */
  close(): Promise<void>
}

/** How the connections of a pool are made. */
export type PoolOptions = ConnectorOptions & {
  readonly connections: number
  readonly proxy?: ProxyOptions | undefined
}

/**
 * Creates a pool that opens a connection only when all others are in use, and one more, so that the one that has just
 * answered may rest: undici's own opens more, since it counts a connection as busy for a moment after a response. TLS
 * sessions are shared by the connections.
 */
export function createConnectionPool(origin: string, options: PoolOptions): ConnectionPool {
  const proxy = proxyFor(origin, options.proxy)
  const connect = connectorOf(options, proxy)
  const habit = createClosingHabit()
  const connections = new Set<PooledConnection>()
  /** The one that was used last at the end. */
  const idle: PooledConnection[] = []
  const waiting = createWaitingLine<ConnectionUser>()
  let mostBusy = 0
  let timer: NodeJS.Timeout | undefined
  let whenIdle: (() => void) | undefined

  const open = (): PooledConnection => {
    const connection = createPooledConnection(origin, connect, (closed) =>
      habit.learn(closed, performance.now()),
    )
    connections.add(connection)
    return connection
  }
  const retire = (connection: PooledConnection): void => {
    connections.delete(connection)
    connection.client.destroy().catch(() => undefined)
  }
  /** Of those that have rested the one that was used last, since it is the least likely to have been closed. */
  const choose = (now: number): PooledConnection | undefined => {
    for (let index = idle.length - 1; index >= 0; index--) {
      const connection = idle[index] as PooledConnection
      if (habit.isSpent(connection, now)) {
        idle.splice(index, 1)
        retire(connection)
      } else if (habit.isRested(connection, now) && habit.waitMs(connection, now) === 0) {
        idle.splice(index, 1)
        return connection
      }
    }
    const mayOpen = connections.size < options.connections
    if (mayOpen && (idle.length === 0 || connections.size <= mostBusy)) return open()
    const [oldest] = idle
    return oldest !== undefined && habit.waitMs(oldest, now) === 0 ? idle.shift() : undefined
  }
  const use = (connection: PooledConnection, user: ConnectionUser): void => {
    mostBusy = Math.max(mostBusy, connections.size - idle.length)
    connection.isIdle = false
    connection.uses += 1
    user.useConnection(connection)
  }
  const serve = (): void => {
    while (waiting.length > 0) {
      const connection = choose(performance.now())
      if (connection === undefined) break
      use(connection, waiting.shift() as ConnectionUser)
    }
    const [oldest] = idle
    if (waiting.length === 0 || oldest === undefined || timer !== undefined) return
    timer = setTimeout(
      () => {
        timer = undefined
        serve()
      },
      Math.ceil(habit.waitMs(oldest, performance.now())),
    )
  }
  return {
    forward: proxy === undefined || origin.startsWith('https:') ? undefined : forwardTo(origin, proxy),
    acquire(user) {
      const connection = waiting.length === 0 ? choose(performance.now()) : undefined
      if (connection !== undefined) use(connection, user)
      else {
        waiting.enter(user)
        serve()
      }
    },
    release(connection) {
      const now = performance.now()
      if (habit.isSpent(connection, now)) retire(connection)
      else {
        connection.isIdle = true
        connection.idleSince = now
        idle.push(connection)
      }
      if (waiting.length > 0) serve()
      if (idle.length === connections.size) whenIdle?.()
    },
    async close() {
      if (idle.length < connections.size)
        await new Promise<void>((resolve) => {
          whenIdle = resolve
        })
      await Promise.all([...connections].map(({ client }) => client.close()))
    },
  }
}
