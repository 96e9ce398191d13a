import { ConfigurationError } from '../../errors'
import type { ConnectionDispatcher } from '../dispatch/connection-dispatcher'
import type { Dispatcher } from '../dispatch/dispatcher'

/** @throws ConfigurationError UNKNOWN_CONNECTION, with the names that exist. */
export function findConnection(dispatcher: Dispatcher, name: string): ConnectionDispatcher {
  const found = dispatcher.of(name)
  if (found !== undefined) return found
  const names = dispatcher.connections.map(({ connection }) => connection.name)
  throw new ConfigurationError(
    'UNKNOWN_CONNECTION',
    `there is no connection ${JSON.stringify(name)}; there are ${names.join(', ') || 'none'}`,
  )
}
