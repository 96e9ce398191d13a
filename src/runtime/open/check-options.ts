import type { ProxyOptions } from '../../delivery/request/proxy'
import type { TlsOptions } from '../../delivery/request/transport'
import { didYouMean } from '../../nearest'
import type {
  BatchOptions,
  Connection,
  Limits,
  NetworkOptions,
  PollingOptions,
  RetryOptions,
  RuntimeListeners,
  RuntimeOptions,
  SubscriptionConfiguration,
} from '../options'
import type { Problems } from './problems'

/** Says what a value should have been, or nothing if it is right. */
type Check = (value: unknown, path: string, problems: Problems) => void

/** A check for every option that a type has: a new option without one does not compile. */
type ChecksOf<Options> = { readonly [Name in keyof Required<Options>]: Check }

const typeName = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const a =
  (what: string, isRight: (value: unknown) => boolean): Check =>
  (value, path, problems) => {
    if (value === undefined || isRight(value)) return
    const given = typeof value === 'number' ? String(value) : typeName(value)
    problems.add(path, 'INVALID_CONFIGURATION', `give ${what}; this is ${given}`)
  }

/** Checked where it is used, with a message of its own. */
const anything: Check = () => undefined
const flag = a('true or false', (value) => typeof value === 'boolean')
const callback = a('a function', (value) => typeof value === 'function')
const text = a('a string', (value) => typeof value === 'string')
const count = a('a whole number above 0', (value) => Number.isInteger(value) && (value as number) > 0)
const countOrInfinity = a(
  'a whole number above 0, or Infinity',
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && (value as number) > 0),
)
const rate = a('a number above 0', (value) => typeof value === 'number' && value > 0)
const milliseconds = a(
  'a number of milliseconds, 0 or more',
  (value) => typeof value === 'number' && value >= 0,
)

/** An object with these options and no others; `isOpen` lets names pass that resemble none of them. */
const object =
  (checks: Readonly<Record<string, Check>>, isOpen = false): Check =>
  (value, path, problems) => {
    if (value === undefined) return
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.add(path, 'INVALID_CONFIGURATION', `give an object; this is ${typeName(value)}`)
      return
    }
    for (const [name, option] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check !== undefined) check(option, at, problems)
      else if (option !== undefined && !(isOpen && didYouMean(name, Object.keys(checks)) === ''))
        problems.add(
          at,
          'INVALID_CONFIGURATION',
          `there is no such option${didYouMean(name, Object.keys(checks)) || `; there are ${Object.keys(checks).join(', ')}`}`,
        )
    }
  }

const batch = object({
  maxCount: count,
  maxBytes: count,
  maxAgeMs: milliseconds,
} satisfies ChecksOf<BatchOptions>)

const subscription = object({
  name: text,
  action: anything,
  partnerAction: anything,
  filter: anything,
  subscribe: anything,
  mapping: anything,
  enabled: flag,
  batch: (value, path, problems) => {
    if (value !== false) batch(value, path, problems)
  },
  isPreset: flag,
  ID: anything,
  ConfigID: anything,
  ActionID: anything,
  ProjectID: anything,
} satisfies ChecksOf<SubscriptionConfiguration>)

const limits = {
  concurrency: count,
  requestsPerSecond: rate,
  maxPending: count,
} satisfies ChecksOf<NonNullable<Connection['limits']>>

const texts = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))

const network = object({
  proxy: object({ http: text, https: text, no: text } satisfies ChecksOf<ProxyOptions>),
  tls: object({
    ca: a('PEM text, or a list of it', texts),
    cert: text,
    key: text,
    passphrase: text,
  } satisfies ChecksOf<TlsOptions>),
  allowPrivateAddresses: flag,
} satisfies ChecksOf<NetworkOptions>)

const connection = object({
  name: text,
  destination: anything,
  settings: anything,
  secrets: a(
    'a list of strings',
    (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  ),
  subscriptions: (value, path, problems) => {
    if (!Array.isArray(value)) return
    for (const [index, item] of value.entries()) subscription(item, `${path}[${index}]`, problems)
  },
  filter: anything,
  enabled: flag,
  network,
  ordering: a('"user" or "none"', (value) => value === 'user' || value === 'none'),
  audiences: object({
    call: a('"identify" or "track"', (value) => value === 'identify' || value === 'track'),
    startDelayMs: milliseconds,
    perSecond: rate,
  } satisfies ChecksOf<NonNullable<Connection['audiences']>>),
  limits: object(limits),
} satisfies ChecksOf<Connection>)

const runtime = object({
  connections: anything,
  network,
  fetch: callback,
  clock: a('an object with now and after', (value) => typeof value === 'object' && value !== null),
  random: callback,
  limits: object({
    ...limits,
    timeoutMs: milliseconds,
    actionTimeoutMs: milliseconds,
    maxResponseBytes: count,
  } satisfies ChecksOf<Limits>),
  // Retry policies are spread from larger objects: what resembles none of the options is passed over.
  retry: object(
    {
      forMs: milliseconds,
      maxAttempts: countOrInfinity,
      minMs: milliseconds,
      maxMs: milliseconds,
      allowDuplicates: flag,
    } satisfies ChecksOf<RetryOptions>,
    true,
  ),
  polling: object({
    intervalMs: milliseconds,
    deadlineMs: milliseconds,
  } satisfies ChecksOf<PollingOptions>),
  synchronizeRefreshAccessToken: callback,
  on: object({
    attempt: callback,
    outcome: callback,
    retry: callback,
    connectionBlocked: callback,
    tokenRefresh: callback,
    filterError: callback,
    warning: callback,
    storeError: callback,
    listenerError: callback,
  } satisfies ChecksOf<RuntimeListeners>),
  context: anything,
  compatibility: flag,
  codeGeneration: flag,
} satisfies ChecksOf<RuntimeOptions>)

/** Reports options of a runtime that have an unknown name or the wrong type, apart from its connections. */
export const checkRuntimeOptions = (options: RuntimeOptions, problems: Problems): void =>
  runtime(options, '', problems)

/** The same for the options of a connection. */
export const checkConnectionOptions = (value: unknown, path: string, problems: Problems): void =>
  connection(value, path, problems)
