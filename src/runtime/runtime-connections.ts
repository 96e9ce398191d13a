import { ConfigurationError } from '../errors'
import type { Dispatcher } from './dispatch/dispatcher'
import { placesOf, routesTo } from './dispatch/route'
import { checkConnectionOptions } from './open/check-options'
import { type ConnectionContext, nameOf, type OpenConnection, openConnection } from './open/open-connection'
import { createProblems, type Problems } from './open/problems'
import { findConnection } from './operations/find-connection'
import type { Connection } from './options'
import type { RuntimeContext } from './runtime-context'

/** A connection as the runtime names it. */
export type ConnectionSummary = { readonly name: string; readonly subscriptions: readonly string[] }

/** Names of connections and their subscriptions, in the order of the configuration, and how they change. */
export type RuntimeConnections = readonly ConnectionSummary[] & {
  /** @throws ConfigurationError or DefinitionError that lists every mistake; nothing is changed then. */
  add(connection: Connection): void
  /**
   * Puts another connection in the place of one: what is in flight ends on the old one, what waits continues on the new one
   * with its settings and mappings. Resolves when nothing is in flight on the old one.
   * @throws ConfigurationError or DefinitionError that lists every mistake; nothing is changed then.
   */
  replace(name: string, connection: Connection): Promise<void>
  /**
   * What is in flight ends; what waits gets the outcome `retry` with the code CONNECTION_REMOVED, or stays in its queue.
   * Resolves when nothing is in flight.
   * @throws ConfigurationError UNKNOWN_CONNECTION.
   */
  remove(name: string): Promise<void>
}

/** Opens all connections; mistakes go to `problems`. */
export function openConnections(
  connections: readonly Connection[],
  problems: Problems,
  context: ConnectionContext,
): OpenConnection[] {
  const names = new Set<string>()
  const opened = connections.flatMap((connection, index) => {
    const path = `connections[${index}]`
    checkConnectionOptions(connection, path, problems)
    if (typeof connection !== 'object' || connection === null) return []
    const name = nameOf(connection) ?? path
    if (names.has(name)) problems.add(`${path}.name`, 'INVALID_CONFIGURATION', nameIsTaken(name))
    names.add(name)
    return openConnection(connection, name, path, context, problems) ?? []
  })
  problems.throwIfAny()
  return opened
}

const nameIsTaken = (name: string): string => `two connections are called "${name}"; name one of them`

/** Keeps the connections of a runtime. */
export function createRuntimeConnections(
  context: RuntimeContext,
  opening: ConnectionContext,
): { readonly list: RuntimeConnections; close(): Promise<void> } {
  const { dispatcher } = context
  const closing = new Set<Promise<void>>()

  const open = (connection: Connection, name: string): OpenConnection => {
    const problems = createProblems()
    checkConnectionOptions(connection, 'connection', problems)
    problems.throwIfAny()
    const opened = openConnection(connection, name, 'connection', opening, problems)
    problems.throwIfAny()
    return opened as OpenConnection
  }
  const changed = (): void => {
    context.routes = routesTo(dispatcher.connections)
    context.places = placesOf(context.routes)
  }
  const closeWhen = async (emptied: Promise<void>, { transport }: OpenConnection): Promise<void> => {
    changed()
    const closed = emptied.then(() => transport.close())
    closing.add(closed)
    await closed
    closing.delete(closed)
  }
  const add = (connection: Connection): void => {
    const name = nameOf(connection) ?? 'connection'
    if (dispatcher.of(name) !== undefined)
      throw new ConfigurationError('INVALID_CONFIGURATION', nameIsTaken(name), { path: 'connection.name' })
    dispatcher.add(open(connection, name))
    changed()
  }
  const replace = async (name: string, connection: Connection): Promise<void> => {
    const old = findConnection(dispatcher, name)
    await closeWhen(dispatcher.replace(old, open(connection, name)), old.connection)
  }
  const remove = async (name: string): Promise<void> => {
    const old = findConnection(dispatcher, name)
    await closeWhen(dispatcher.remove(old), old.connection)
  }

  return {
    get list() {
      return Object.defineProperties(summaries(dispatcher), {
        add: { value: add },
        replace: { value: replace },
        remove: { value: remove },
      }) as unknown as RuntimeConnections
    },
    async close() {
      await Promise.all([
        ...dispatcher.connections.map(({ connection }) => connection.transport.close()),
        ...closing,
      ])
    },
  }
}

const summaries = ({ connections }: Dispatcher): ConnectionSummary[] =>
  connections.map(({ connection: { name, subscriptions } }) => ({
    name,
    subscriptions: subscriptions.map((subscription) => subscription.name),
  }))
