/** A refusal: nothing of the request is processed. */
export type Refusal = { readonly status: number; readonly message: string }

export type Body = Record<string, unknown>

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === ''
const isId = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.trim() !== '')

const texts = ['first_name', 'last_name', 'email', 'phone_number']
const tokenLists = ['apns', 'gcm', 'fcm']
const identifyKeys = new Set([
  ...[
    'user_id',
    'anon_id',
    'previous_id',
    'group_id',
    'group_attributes',
    'attributes',
    'timezone',
    'timestamp',
  ],
  ...texts,
  ...tokenLists,
])
const trackKeys = new Set(['user_id', 'anon_id', 'event', 'properties', 'timestamp', 'user'])

/** Milliseconds since the epoch have at least this size; Connect takes seconds. */
const looksLikeMilliseconds = 1e11

/** What is wrong with a user or event object, in the order in which the vendor would say it; undefined when nothing is. */
export function checkBody(
  kind: 'identify' | 'track' | 'token' | 'subscription',
  body: unknown,
): string | undefined {
  if (!isObject(body)) return 'the body has to be an object'
  if (!isId(body.user_id) && isBlank(body.anon_id))
    return 'user_id is required: a text that is not blank, or a number'
  if (kind === 'token' || kind === 'subscription') return undefined
  return (kind === 'identify' ? checkUser(body) : checkEvent(body)) ?? checkTimestamp(body.timestamp)
}

function checkUser(body: Body): string | undefined {
  for (const key of texts)
    if (body[key] !== undefined && typeof body[key] !== 'string') return `${key} has to be a text`
  for (const key of tokenLists) {
    const list = body[key]
    if (list !== undefined && !(Array.isArray(list) && list.every((token) => !isBlank(token))))
      return `${key} has to be a list of texts`
  }
  for (const key of ['attributes', 'group_attributes'])
    if (body[key] !== undefined && !isObject(body[key])) return `${key} has to be an object`
  for (const key of ['previous_id', 'group_id'])
    if (body[key] !== undefined && !isId(body[key])) return `${key} has to be a text or a number`
  if (body.timezone !== undefined && !isZone(body.timezone))
    return 'timezone has to be a name of the tz database'
  return undefined
}

function checkEvent(body: Body): string | undefined {
  const { event, properties, user } = body
  if (typeof event !== 'string' || event.length === 0) return 'event is required: a text'
  if ([...event].length > 200) return 'event is longer than 200 characters'
  if (properties !== undefined && !isObject(properties)) return 'properties has to be an object'
  if (user === undefined) return undefined
  return isObject(user) ? checkUser(user) : 'user has to be an object'
}

function checkTimestamp(timestamp: unknown): string | undefined {
  if (timestamp === undefined) return undefined
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return 'timestamp has to be a number'
  return timestamp >= looksLikeMilliseconds
    ? 'timestamp is in seconds, this looks like milliseconds'
    : undefined
}

/** Top-level keys that the vendor does not know; they are accepted and ignored. */
export const unknownKeys = (kind: 'identify' | 'track', body: Body): string[] =>
  Object.keys(body).filter((key) => !(kind === 'identify' ? identifyKeys : trackKeys).has(key))

const namesWithoutArea =
  /^(?:CET|CST6CDT|Cuba|EET|EST|EST5EDT|Egypt|Eire|GB|GB-Eire|GMT|GMT[+-]?0|Greenwich|HST|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST|MST7MDT|NZ|NZ-CHAT|Navajo|PRC|PST8PDT|Poland|Portugal|ROC|ROK|Singapore|Turkey|UCT|UTC|Universal|W-SU|WET|Zulu)$/
const area =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)\//

/** A name of the tz database with the database's spelling, as far as the engine can tell. */
export function isZone(value: unknown): boolean {
  if (typeof value !== 'string' || !(namesWithoutArea.test(value) || area.test(value))) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: value })
    return true
  } catch {
    return false
  }
}
