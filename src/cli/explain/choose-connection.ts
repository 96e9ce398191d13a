import { join } from 'node:path'
import { ConfigurationError, type Connection, didYouMean, type SubscriptionConfiguration } from 'waybill'
import { findDestination } from '../configuration/find-destination'
import { loadConfiguration } from '../configuration/load-configuration'
import type { Terminal } from '../terminal'
import { readJsonObject } from './read-json'

/** Which connection `waybill explain` is about. */
export type ConnectionOptions = {
  readonly destination?: string
  readonly settings?: string
  readonly config?: string
  readonly connection?: string
  readonly action?: string
  readonly filter?: string
  readonly mapping?: string
  readonly send?: boolean
}

/** A connection, and the values that came from the environment. */
export type ChosenConnection = {
  readonly connection: Connection
  readonly compatibility: boolean
  readonly secrets: readonly string[]
  /** True where settings were made up, since none were given. */
  readonly hasSampleSettings: boolean
}

const fail = (message: string): never => {
  throw new ConfigurationError('INVALID_CONFIGURATION', message)
}

/**
 * Finds the connection: that of a configuration, or one made of a destination and settings. `--action`, `--filter` and
 * `--mapping` replace its subscriptions by one.
 * @throws ConfigurationError for whatever does not fit together.
 */
export async function chooseConnection(
  options: ConnectionOptions,
  from: string | undefined,
  terminal: Terminal,
): Promise<ChosenConnection> {
  const chosen =
    options.destination === undefined
      ? await configuredConnection(options, from, terminal)
      : await namedDestination(options.destination, options, terminal)
  const subscription = ownSubscription(chosen.connection.destination, options, terminal)
  return subscription === undefined
    ? chosen
    : { ...chosen, connection: { ...chosen.connection, subscriptions: [subscription] } }
}

async function configuredConnection(
  { config, connection: wanted }: ConnectionOptions,
  from: string | undefined,
  terminal: Terminal,
): Promise<ChosenConnection> {
  const { file, connections, compatibility, secrets } = await loadConfiguration(config, terminal)
  const nameOf = ({ name, destination }: Connection) => name ?? destination.slug ?? destination.name
  const names = connections.map(nameOf)
  const name = wanted ?? from ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined) return fail(`name the connection with --connection: ${names.join(', ')}`)
  const connection = connections.find((each) => nameOf(each) === name)
  if (connection === undefined)
    return fail(
      `--connection ${name}: ${file} has no such connection${didYouMean(name, names) || '.'} There are ${names.join(', ')}`,
    )
  return { connection, compatibility, secrets, hasSampleSettings: false }
}

async function namedDestination(
  destination: string,
  { settings, config, send }: ConnectionOptions,
  terminal: Terminal,
): Promise<ChosenConnection> {
  if (config !== undefined) return fail('give --destination or --config, not both')
  if (send && settings === undefined)
    return fail('--send needs the settings of an account: name a file with --settings')
  const definition = await findDestination(destination, join(terminal.workingDirectory, 'explain'))
  const { sampleSettings } = require('waybill/testing') as typeof import('waybill/testing')
  return {
    connection: {
      destination: definition,
      settings:
        settings === undefined
          ? sampleSettings(definition.authentication?.fields as Parameters<typeof sampleSettings>[0])
          : readJsonObject('--settings', settings, terminal),
      subscriptions: 'presets',
    },
    compatibility: false,
    secrets: [],
    hasSampleSettings: settings === undefined,
  }
}

function ownSubscription(
  { actions }: Connection['destination'],
  { action, filter, mapping }: ConnectionOptions,
  terminal: Terminal,
): SubscriptionConfiguration | undefined {
  if (action === undefined && filter === undefined && mapping === undefined) return undefined
  const slugs = Object.keys(actions)
  const slug = action ?? (slugs.length === 1 ? slugs[0] : undefined)
  if (slug === undefined) return fail(`name the action with --action: ${slugs.join(', ')}`)
  const definition = actions[slug]
  if (definition === undefined)
    return fail(
      `--action ${slug}: there is no such action${didYouMean(slug, slugs) || '.'} There are ${slugs.join(', ')}`,
    )
  return {
    action: slug,
    filter: filter ?? definition.defaultSubscription ?? 'type != ""',
    ...(mapping === undefined ? {} : { mapping: readJsonObject('--mapping', mapping, terminal) }),
  }
}
