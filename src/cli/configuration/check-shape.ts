import isPlainObject from 'lodash/isPlainObject'
import { didYouMean } from 'waybill'
import type { Report } from './problems'

/** Says what a value should have been, or nothing if it is right. */
type Check = (value: unknown, path: string, report: Report) => void

const isObject = (value: unknown): value is Record<string, unknown> => isPlainObject(value)

const nameOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const a =
  (what: string, isRight: (value: unknown) => boolean): Check =>
  (value, path, report) => {
    if (!isRight(value)) report(path, `give ${what}; this is ${nameOf(value)}`)
  }

const text = a('a string', (value) => typeof value === 'string' && value !== '')
const yesOrNo = a('true or false', (value) => typeof value === 'boolean')
const count = a('a whole number above 0', (value) => Number.isInteger(value) && (value as number) > 0)
const rate = a('a number above 0', (value) => typeof value === 'number' && value > 0)
const anyObject = a('an object', isObject)

const oneOf = (...values: string[]): Check =>
  a(values.map((value) => `"${value}"`).join(' or '), (value) => values.includes(value as string))

/** An object with these members and no others; those whose name ends in `!` must be there. */
function object(members: Record<string, Check>): Check {
  const checks = new Map(Object.entries(members).map(([name, check]) => [name.replace('!', ''), check]))
  const required = Object.keys(members)
    .filter((name) => name.endsWith('!'))
    .map((name) => name.slice(0, -1))
  const at = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)
  return (value, path, report) => {
    if (!isObject(value)) {
      report(path, `give an object; this is ${nameOf(value)}`)
      return
    }
    for (const name of required) if (value[name] === undefined) report(at(path, name), 'is missing')
    for (const [name, member] of Object.entries(value)) {
      const check = checks.get(name)
      if (check === undefined)
        report(at(path, name), `there is no such option${didYouMean(name, [...checks.keys()])}`)
      else check(member, at(path, name), report)
    }
  }
}

const list =
  (item: Check): Check =>
  (value, path, report) => {
    if (!Array.isArray(value)) report(path, `give a list; this is ${nameOf(value)}`)
    else for (const [index, member] of value.entries()) item(member, `${path}[${index}]`, report)
  }

const batch = object({ maxCount: count, maxBytes: count, maxAgeMs: count })

/** The names after the colon are those of subscriptions stored at Segment: `partnerAction`, `subscribe`, ids. */
const subscription = object({
  name: text,
  action: text,
  partnerAction: text,
  filter: text,
  subscribe: text,
  mapping: anyObject,
  enabled: yesOrNo,
  batch: (value, path, report) => {
    if (value !== false) batch(value, path, report)
  },
  ID: text,
  ConfigID: text,
  ActionID: text,
  ProjectID: text,
})

const subscriptions: Check = (value, path, report) => {
  if (value === 'presets') return
  if (Array.isArray(value)) list(subscription)(value, path, report)
  else report(path, `give "presets" or a list of subscriptions; this is ${nameOf(value)}`)
}

/** In a configuration that is a program, the definition itself may stand in the place of its name. */
const destination = a(
  'the slug of a destination, or "module#export"',
  (value) =>
    (typeof value === 'string' && value !== '') ||
    (typeof value === 'object' && value !== null && 'actions' in value),
)

const network = object({
  proxy: object({ http: text, https: text, no: text }),
  tls: object({
    ca: (value, path, report) => (Array.isArray(value) ? list(text) : text)(value, path, report),
    cert: text,
    key: text,
    passphrase: text,
  }),
  allowPrivateAddresses: yesOrNo,
})

const connection = object({
  name: text,
  'destination!': destination,
  settings: anyObject,
  'subscriptions!': subscriptions,
  filter: text,
  enabled: yesOrNo,
  ordering: oneOf('user', 'none'),
  audiences: object({ call: oneOf('identify', 'track'), startDelayMs: count, perSecond: rate }),
  limits: object({ concurrency: count, requestsPerSecond: rate }),
  network,
})

/** Write keys may come from the environment, so what they are is checked when they are known. */
const source = object({
  'name!': text,
  'writeKey!': (value, path, report) => (Array.isArray(value) ? list(text) : text)(value, path, report),
  connections: list(text),
  enabled: yesOrNo,
  requestsPerSecond: rate,
  failWhenAllInvalid: yesOrNo,
})

const ingestLimits = object({ requestBytes: count, eventBytes: count, events: count, messageIdLength: count })

const ingest = object({
  publicUrl: text,
  unknownKey: oneOf('reject', 'accept'),
  limits: (value, path, report) => {
    if (value !== 'strict') ingestLimits(value, path, report)
  },
  trustedProxies: list(text),
})

const file = object({
  $schema: text,
  compatibility: yesOrNo,
  'connections!': list(connection),
  sources: list(source),
  ingest,
})

/** Reports whatever in a parsed configuration file has an unknown name or the wrong type. */
export function checkShape(value: unknown, report: Report): void {
  file(value, '', report)
  if (isObject(value) && Array.isArray(value.connections) && value.connections.length === 0)
    report('connections', 'is empty: describe at least one connection')
}
