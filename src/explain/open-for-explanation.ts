import { compilePreparation } from '../pipeline/prepare'
import { createActionDeadlines } from '../runtime/dispatch/action-deadline'
import { type OpenConnection, openConnection } from '../runtime/open/open-connection'
import type { OpenSubscription } from '../runtime/open/open-subscription'
import { automaticPresets } from '../runtime/open/presets'
import { createProblems } from '../runtime/open/problems'
import type { Connection, SubscriptionConfiguration } from '../runtime/options'
import { systemClock } from '../runtime/system-clock'

/** A connection as the runtime opens it, with the filters as they were written. */
export type ExplainableConnection = OpenConnection & { filterOf(subscription: OpenSubscription): string }

/**
 * Opens a connection without a way to the network.
 * @throws ConfigurationError or DefinitionError that lists every mistake with its path.
 */
export function openForExplanation(connection: Connection, compatibility = false): ExplainableConnection {
  const { destination } = connection
  const name = connection.name ?? destination?.slug ?? destination?.name ?? 'connection'
  const problems = createProblems()
  const opened = openConnection(
    connection,
    name,
    'connection',
    {
      options: { connections: [connection], compatibility, fetch },
      clock: systemClock,
      deadlines: createActionDeadlines(60_000),
      prepare: compilePreparation,
    },
    problems,
  )
  problems.throwIfAny()
  const configurations: readonly SubscriptionConfiguration[] =
    connection.subscriptions === 'presets' ? automaticPresets(destination) : connection.subscriptions
  const subscriptions = (opened as OpenConnection).subscriptions.slice(0, configurations.length)
  const filters = new Map(subscriptions.map((each, index) => [each, filterText(configurations[index])]))
  return {
    ...(opened as OpenConnection),
    subscriptions,
    filterOf: (subscription) => filters.get(subscription) ?? '',
  }
}

const filterText = (configuration: SubscriptionConfiguration | undefined): string =>
  configuration?.filter ?? configuration?.subscribe ?? ''
