import { teachLoadedCopies } from '../../contract/error-class'
import { checkDefinition } from '../../definition/check'
import type { Redact } from '../../delivery/request/redact'
import type { RequestClientFactory } from '../../delivery/request/request-client'
import type { RequestOptions } from '../../delivery/request/request-options'
import type { Transport } from '../../delivery/request/transport'
import type { SegmentEvent } from '../../event'
import type { SkipReason } from '../../outcome'
import { compileSubscription } from '../../pipeline/filter/compile-subscription'
import type { ActionDeadlines } from '../dispatch/action-deadline'
import type { ListenerFault } from '../listeners'
import type {
  ActionContext,
  Connection,
  PollingOptions,
  RuntimeOptions,
  SubscriptionConfiguration,
} from '../options'
import type { RunningClock } from '../system-clock'
import { type ConnectionLimits, openLimits } from './connection-limits'
import { type ConnectionRedact, createConnectionRedact, secretsOfConnection } from './connection-redact'
import { type Credentials, openCredentials } from './credentials'
import { deletionAction, deletionSlug, deletionSubscription } from './deletion'
import { isIntegrationEnabled } from './integrations'
import { clientOf, transportOf } from './network'
import { codeGenerationOf, type OpenSubscription, openSubscription } from './open-subscription'
import { automaticPresets, leftOutPresets } from './presets'
import type { Problems } from './problems'
import { trimKeys } from './sendable-settings'
import { openSettings } from './settings'
import type { Prepare } from './shared-preparations'

const defaultPolling: Required<PollingOptions> = { intervalMs: 10_000, deadlineMs: 3_600_000 }

/** A connection with everything compiled and checked that depends on the configuration alone. */
export type OpenConnection = ConnectionLimits & {
  readonly name: string
  readonly destination: Connection['destination']
  /** Checked settings, defaults filled in, without tokens. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly subscriptions: readonly OpenSubscription[]
  /** Why the whole connection skips an event, if it does. */
  readonly skips: (event: SegmentEvent) => SkipReason | undefined
  readonly credentials: Credentials
  /** Whether the deliveries of one person keep their order. */
  readonly isOrdered: boolean
  readonly transport: Transport
  readonly client: RequestClientFactory
  readonly extendRequest?: (input: unknown) => RequestOptions
  readonly context: ActionContext
  readonly polling: Required<PollingOptions>
  readonly redact: Redact
}

/** What all connections of a runtime share. */
export type ConnectionContext = {
  readonly options: RuntimeOptions
  readonly clock: RunningClock
  readonly deadlines: ActionDeadlines
  readonly prepare: Prepare
  /** Told of a listener that failed. */
  readonly report?: ListenerFault
}

/** The name of a connection, where it has one. */
export const nameOf = ({ name, destination }: Connection): string | undefined =>
  name ?? destination?.slug ?? destination?.name

/** Opens a connection. Mistakes go to `problems` with their path; then there is no result. */
export function openConnection(
  given: Connection,
  name: string,
  path: string,
  context: ConnectionContext,
  problems: Problems,
): OpenConnection | undefined {
  const { destination } = given
  const isUsable = problems.attempt(`${path}.destination`, () => {
    checkDefinition(destination)
    teachLoadedCopies(destination)
    return true
  })
  if (!isUsable) return undefined
  const connection = withTrimmedKeys(given, name, context)
  const settings = problems.attempt(`${path}.settings`, () =>
    openSettings(destination, connection.settings, `${path}.settings`),
  )
  const ordering = connection.ordering ?? destination.ordering ?? 'none'
  const subscriptions = openSubscriptions(connection, name, path, ordering === 'user', context, problems)
  const skips = openSkips(connection, name, path, context, problems)
  if (settings === undefined || skips === undefined) return undefined
  const { extendRequest } = destination
  const redact = createConnectionRedact(secretsOfConnection(connection))
  const limits = openLimits(connection, context)
  const transport = transportOf(connection, limits.limiter.concurrency, context.options)
  const client = clientOf(transport, context.options)
  return {
    name,
    destination,
    settings,
    subscriptions,
    skips,
    redact,
    transport,
    client,
    context: context.options.context ?? {},
    polling: { ...defaultPolling, ...context.options.polling },
    credentials: credentialsOf(connection, name, settings, redact, client, context),
    ...limits,
    ...(extendRequest ? { extendRequest: extendRequest as (input: unknown) => RequestOptions } : {}),
    isOrdered: ordering === 'user',
  }
}

function withTrimmedKeys(connection: Connection, name: string, { options }: ConnectionContext): Connection {
  const fields = connection.destination.authentication?.fields
  const { settings, trimmed } = trimKeys(fields, connection.settings)
  for (const key of trimmed)
    options.on?.warning?.(name, `settings.${key}: the white space around it was removed`)
  return trimmed.length === 0 ? connection : { ...connection, settings }
}

function credentialsOf(
  connection: Connection,
  name: string,
  settings: Record<string, unknown>,
  redact: ConnectionRedact,
  client: RequestClientFactory,
  context: ConnectionContext,
): Credentials {
  const { on, synchronizeRefreshAccessToken: synchronize } = context.options
  const extend = connection.destination.extendRequest as ((input: unknown) => RequestOptions) | undefined
  return openCredentials({
    destination: connection.destination,
    settings: connection.settings,
    visibleSettings: settings,
    deadlines: context.deadlines,
    requestFor: (auth, signal) => client.with(extend?.({ settings, auth, payload: undefined }), { signal }),
    synchronize: synchronize && (() => synchronize(name)),
    onRefresh: (tokens) => on?.tokenRefresh?.(name, tokens),
    onRefreshFault: (error) => context.report?.('on.tokenRefresh', error),
    onTokens: ({ accessToken, refreshToken }) => redact.learn([accessToken, refreshToken]),
  })
}

function openSubscriptions(
  connection: Connection,
  name: string,
  path: string,
  isOrdered: boolean,
  { options, prepare }: ConnectionContext,
  problems: Problems,
): OpenSubscription[] {
  const { destination } = connection
  const configurations: readonly SubscriptionConfiguration[] =
    connection.subscriptions === 'presets' ? automaticPresets(destination) : connection.subscriptions
  if (!Array.isArray(configurations)) {
    problems.add(`${path}.subscriptions`, 'INVALID_CONFIGURATION', 'give a list, or "presets"')
    return []
  }
  const names = uniqueNames([...configurations, deletionSubscription])
  const onFilterError = (subscription: string, error: unknown): void =>
    options.on?.filterError?.(name, subscription, error)
  const onWarning = (message: string): void => options.on?.warning?.(name, message)
  if (connection.subscriptions === 'presets') for (const text of leftOutPresets(destination)) onWarning(text)
  const context = { actions: destination.actions, isOrdered, prepare, options, onFilterError, onWarning }
  const opened = configurations.map((configuration: SubscriptionConfiguration, index) => {
    const name = names[index] as string
    return openSubscription(configuration, name, `${path}.subscriptions[${index}]`, context, problems)
  })
  const deletion = deletionAction(destination)
  if (deletion !== undefined) {
    const actions = { [deletionSlug]: deletion }
    const name = names.at(-1) as string
    const own = openSubscription(deletionSubscription, name, path, { ...context, actions }, problems)
    if (own !== undefined) opened.push({ ...own, isDeletion: true })
  }
  return opened.filter((subscription) => subscription !== undefined)
}

/** The given names, else the actions' slugs; a number tells equal ones apart. */
function uniqueNames(configurations: readonly SubscriptionConfiguration[]): string[] {
  const taken = new Set<string>()
  return configurations.map((configuration) => {
    const wanted = configuration.name ?? configuration.action ?? configuration.partnerAction ?? 'subscription'
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted} (${number})`
    taken.add(name)
    return name
  })
}

function openSkips(
  connection: Connection,
  name: string,
  path: string,
  { options }: ConnectionContext,
  problems: Problems,
): OpenConnection['skips'] | undefined {
  if (connection.enabled === false) return () => 'disabled'
  const { destination, filter } = connection
  const names = [destination.name, ...(destination.integrationNames ?? [])]
  if (filter === undefined)
    return (event) => (isIntegrationEnabled(event, names) ? undefined : 'integrations')
  const matches = problems.attempt(path, () =>
    compileSubscription(filter, {
      compatibility: options.compatibility ?? false,
      path: `${path}.filter`,
      ...codeGenerationOf(options),
      onError: (error) => options.on?.filterError?.(name, undefined, error),
      onWarning: (message) => options.on?.warning?.(name, message),
    }),
  )
  return (
    matches &&
    ((event) =>
      isIntegrationEnabled(event, names)
        ? matches(event)
          ? undefined
          : 'connection-filter'
        : 'integrations')
  )
}
