import { openForExplanation } from '../../explain/open-for-explanation'
import { type OutcomeKind, outcomeKinds } from '../../outcome'
import { automaticPresets } from '../../runtime/open/presets'
import type { Connection, SubscriptionConfiguration } from '../../runtime/options'
import type { Tally } from '../../telemetry/tally'
import type { AuditEntry, ConnectionDetail, Health, SettingRow, SubscriptionRow } from '../shapes'
import type { AuthenticationTest } from '../source'
import type { Journal } from './journal'
import { type ConnectionStatus, nameOf } from './runtime-view'

/** `file`, `default`, or the name of an environment variable. */
export type SettingOrigin = (connection: string, key: string) => string

type Fields = Readonly<
  Record<string, { readonly label?: string; readonly type?: string; readonly default?: unknown }>
>

const mask = '•••'
/** As the runtime's redactor knows secrets by their names. */
const secretName = /^(?!public).*(?:key|token|secret|password|passphrase|sid|sig|pwd)$/i

export type DetailParts = {
  readonly connection: Connection
  readonly health: Health
  readonly status: ConnectionStatus | undefined
  readonly tally: Tally
  readonly journal: Journal
  readonly audit: readonly AuditEntry[]
  readonly redact: (text: string) => string
  readonly origin: SettingOrigin
  readonly compatibility: boolean
  readonly test?: AuthenticationTest
}

/** Everything about one connection. */
export function detailOf(parts: DetailParts): ConnectionDetail {
  const { connection, health, status, audit, test } = parts
  const { authentication, limits: declared } = connection.destination
  const settings = settingRows(parts)
  const expires = expiryOf(connection)
  const { block, pause } = status ?? {}
  return {
    ...health,
    subscriptions: subscriptionRows(parts),
    settings,
    limits: {
      ...(connection.limits?.concurrency !== undefined && { concurrency: connection.limits.concurrency }),
      ...((connection.limits?.requestsPerSecond ?? declared?.requestsPerSecond) !== undefined && {
        requestsPerSecond: connection.limits?.requestsPerSecond ?? declared?.requestsPerSecond,
      }),
    },
    ...(block !== undefined && {
      block: {
        since: new Date(block.since).toISOString(),
        ...(block.until !== undefined && { until: new Date(block.until).toISOString() }),
        ...(block.status !== undefined && { status: block.status }),
        message: parts.redact(block.message),
        variables: settings
          .filter(({ isSecret, origin }) => isSecret && /^[A-Z_][A-Z0-9_]*$/.test(origin))
          .map(({ origin }) => origin),
      },
    }),
    ...(pause !== undefined && { pause: { since: new Date(pause.since).toISOString(), by: pause.by } }),
    authentication: {
      canBeTested: authentication !== undefined && 'testAuthentication' in authentication,
      scheme: authentication?.scheme ?? 'none',
      ...(test !== undefined && { last: test }),
      ...(expires !== undefined && { expires }),
    },
    audit,
  }
}

function settingRows({ connection, origin, redact }: DetailParts): SettingRow[] {
  const fields = (connection.destination.authentication?.fields ?? {}) as Fields
  const keys = [...new Set([...Object.keys(fields), ...Object.keys(connection.settings)])]
  return keys.flatMap((key): SettingRow[] => {
    const given = connection.settings[key]
    const field = fields[key]
    const value = given ?? field?.default
    if (value === undefined) return []
    const isSecret = field?.type === 'password' || key === 'oauth' || secretName.test(key)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [
      {
        key,
        label: field?.label ?? key,
        value: isSecret ? mask : redact(text),
        origin: given === undefined ? 'default' : origin(nameOf(connection), key),
        isSecret,
      },
    ]
  })
}

function subscriptionRows({ connection, tally, journal, compatibility }: DetailParts): SubscriptionRow[] {
  const configurations: readonly SubscriptionConfiguration[] =
    connection.subscriptions === 'presets'
      ? automaticPresets(connection.destination)
      : connection.subscriptions
  const opened = openForExplanation(connection, compatibility)
  const name = nameOf(connection)
  return opened.subscriptions.map((subscription, index): SubscriptionRow => {
    const action = connection.destination.actions[subscription.action]
    const mapping = configurations[index]?.mapping ?? defaultsOf(action?.fields as Fields | undefined)
    const fields = Object.keys(action?.fields ?? {})
    const last = journal.lastOf(name, subscription.name)
    return {
      name: subscription.name,
      action: subscription.action,
      title: action?.title ?? subscription.action,
      filter: opened.filterOf(subscription),
      isEnabled: subscription.isEnabled,
      fields: fields.length,
      fieldsFilled: fields.filter((key) => mapping[key] !== undefined).length,
      kinds: kindsOf(tally, name, subscription.action),
      mapping,
      ...(last !== undefined && {
        lastMatch: { messageId: last.event.messageId ?? '', at: new Date(last.at).toISOString() },
      }),
    }
  })
}

const defaultsOf = (fields: Fields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )

function kindsOf(tally: Tally, connection: string, action: string): Partial<Record<OutcomeKind, number>> {
  const kinds: Partial<Record<OutcomeKind, number>> = {}
  for (const { attributes, value } of tally.counters.get('waybill.outcomes') ?? []) {
    const kind = outcomeKinds.find((each) => each === attributes['waybill.outcome'])
    if (attributes['waybill.connection'] !== connection || attributes['waybill.action'] !== action) continue
    if (kind !== undefined) kinds[kind] = (kinds[kind] ?? 0) + value
  }
  return kinds
}

/** When a stored access token ends, where the settings say so. */
function expiryOf({ settings }: Connection): string | undefined {
  const oauth = settings.oauth as { readonly expiresAt?: unknown } | undefined
  return typeof oauth?.expiresAt === 'string' ? oauth.expiresAt : undefined
}
