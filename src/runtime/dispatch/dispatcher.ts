import type { Outcome } from '../../outcome'
import type { OpenConnection } from '../open/open-connection'
import type { AttemptContext } from './attempt'
import type { AttemptListener } from './attempt-report'
import type { Batcher } from './batch'
import { ConnectionDispatcher } from './connection-dispatcher'
import type { Caller, OpenDelivery } from './open-delivery'
import { createRoom } from './room'
import { soon } from './soon'

/** What all connections of a runtime share. */
export type DispatchContext = AttemptContext & {
  readonly random: () => number
  readonly on: DispatchListeners
  /** Closes the open batches of a subscription when everybody who is about to has added to them. */
  flushSoon(batcher: Batcher): void
  /** A batch is open whose caller may have more for it. */
  noteCompany(batcher: Batcher): void
  /** The connection begins to hold as much as it may, or has room again. */
  noteFull(connection: ConnectionDispatcher, isFull: boolean): void
  /** A delivery ended. */
  noteEnd(): void
  /** A connection may send what it could not, or the other way round. */
  changed(): void
}

/** Listeners that never throw. */
export type DispatchListeners = {
  readonly attempt: AttemptListener | undefined
  readonly outcome: ((outcome: Outcome, event: OpenDelivery['event']) => void) | undefined
  readonly retry: ((outcome: Outcome, afterMs: number) => void) | undefined
  readonly connectionBlocked: ((connection: string, outcome: Outcome) => void) | undefined
}

/** Takes deliveries from their acceptance to their outcome. Lives as long as the runtime; callers come and go. */
export type Dispatcher = {
  /** In the order of the configuration; another array after each change. */
  readonly connections: readonly ConnectionDispatcher[]
  add(connection: OpenConnection): void
  /** What is in flight ends on the old one, what waits continues on the new one. Resolves when the old one is empty. */
  replace(old: ConnectionDispatcher, connection: OpenConnection): Promise<void>
  /** What is in flight ends, what waits ends as not sent. Resolves when the connection is empty. */
  remove(old: ConnectionDispatcher): Promise<void>
  /** Batches that are not complete are sent when the present turn of the event loop is over. */
  flushSoon(): void
  /** Undefined while a source may go on; else resolves when it may. */
  untilRoom(signal: AbortSignal | undefined): Promise<void> | undefined
  /** Ends what a caller has waiting; what is in flight ends by itself. */
  interrupt(caller: Caller): void
  of(connection: string): ConnectionDispatcher | undefined
  /** Calls back when a connection may send what it could not, or the other way round. The result takes it back. */
  onChange(listener: () => void): () => void
}

/** Creates the dispatcher of a runtime. */
export function createDispatcher(
  connections: readonly OpenConnection[],
  options: AttemptContext & Pick<DispatchContext, 'random' | 'on'>,
): Dispatcher {
  const full = new Set<ConnectionDispatcher>()
  const toFlush = new Set<Batcher>()
  const open = new Set<Batcher>()
  const listeners = new Set<() => void>()
  const flush = (): void => {
    const batchers = [...toFlush]
    toFlush.clear()
    for (const batcher of batchers) batcher.flush()
  }
  const context: DispatchContext = {
    ...options,
    flushSoon(batcher) {
      if (toFlush.size === 0) soon(flush)
      toFlush.add(batcher)
    },
    noteCompany: (batcher) => void open.add(batcher),
    noteFull(connection, isFull) {
      if (isFull) full.add(connection)
      else full.delete(connection)
    },
    noteEnd: () => room.notice(),
    changed() {
      for (const listener of listeners) listener()
    },
  }
  let all: readonly ConnectionDispatcher[] = connections.map(
    (connection) => new ConnectionDispatcher(connection, context),
  )
  /** Removed or replaced, and not empty yet. */
  const retired = new Set<ConnectionDispatcher>()
  const room = createRoom(() => all, full)
  const flushAll = (): void => {
    // To clear a set costs memory, also an empty one.
    if (open.size === 0) return
    for (const batcher of open) if (batcher.waiting > 0) context.flushSoon(batcher)
    open.clear()
  }
  const retire = async (old: ConnectionDispatcher, connection: OpenConnection | undefined): Promise<void> => {
    retired.add(old)
    const emptied = old.retire((order) => {
      const successor = connection && new ConnectionDispatcher(connection, context, order)
      all = all.flatMap((each) => (each !== old ? [each] : successor === undefined ? [] : [successor]))
      return successor
    })
    context.changed()
    await emptied
    retired.delete(old)
  }

  return {
    get connections() {
      return all
    },
    add(connection) {
      all = [...all, new ConnectionDispatcher(connection, context)]
      context.changed()
    },
    replace: retire,
    remove: (old) => retire(old, undefined),
    flushSoon: flushAll,
    untilRoom(signal) {
      const wait = room.untilRoom(signal)
      if (wait !== undefined) flushAll()
      return wait
    },
    interrupt(caller) {
      for (const connection of [...all, ...retired]) connection.interrupt(caller)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    of: (name) => all.find(({ connection }) => connection.name === name),
  }
}
