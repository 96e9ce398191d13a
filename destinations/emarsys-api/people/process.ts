import { createHash } from 'node:crypto'
import { PayloadValidationError, readTime } from 'waybill'
import { triggerIdOf } from '../events'
import type { Dropped } from '../values'
import { type CompiledMap, compileMap, type DataMap, type Message, unfit } from './data-maps'
import { type Read, readerOf } from './paths'
import { type CompiledRule, compileRule, firedBy, noMarks, type Rule } from './rules'
import type { Session } from './state'
import {
  addHappening,
  addPending,
  addWaiting,
  type FiredTrigger,
  forgetOldMarks,
  type Identity,
  isNewer,
  type Row,
  usersTable,
  type Write,
} from './users-table'

/** What the action was told: where the primary key is, what goes into which field, which sequences start what. */
export type Configuration = {
  readonly primaryKey: readonly Read[]
  readonly maps: readonly CompiledMap[]
  readonly rules: readonly CompiledRule[]
  /** Primary keys that give the same text are the same. */
  readonly comparable: (key: string) => string
  /** Tells accounts apart in the ids of triggers. */
  readonly account: string
}

/** What waits to be sent to the contact of a primary key, and what was written to it before. */
export type Outbox = {
  /** As it was first seen. */
  readonly key: string
  /** When and in which order each field was written last. */
  written: Record<string, readonly [t: number, n: number]>
  fields: Record<string, Write>
  triggers: FiredTrigger[]
  /** Whether Emarsys has the contact. */
  isThere: boolean
}

const outboxKey = (comparableKey: string): string => `contact/${comparableKey}`

const maxCompiled = 100
const compiled = new Map<string, Configuration>()

/**
 * Compiles the configuration of the action, once for each that there is.
 * @throws PayloadValidationError for paths, maps and rules that make no sense.
 */
export function configurationOf(given: {
  readonly primaryKey: readonly string[]
  readonly maps: readonly DataMap[]
  readonly rules: readonly Rule[]
  readonly keyField: string
  readonly emptyValues: 'skip' | 'clear'
  readonly account: string
}): Configuration {
  const name = JSON.stringify(given)
  const known = compiled.get(name)
  if (known !== undefined) return known
  const { keyField, emptyValues, account } = given
  const rules = given.rules.filter(({ enabled }) => enabled !== false)
  const twice = rules.find(({ id }, index) => rules.findIndex((rule) => rule.id === id) !== index)
  if (twice !== undefined) throw new PayloadValidationError(`there are two rules "${twice.id}"`)
  const configuration: Configuration = {
    primaryKey: given.primaryKey.map(readerOf),
    maps: given.maps.map((map) => compileMap(map, emptyValues)),
    rules: rules.map(compileRule),
    // Addresses are compared without regard to letter case.
    comparable: keyField === '3' ? (key) => key.toLowerCase() : (key) => key,
    account,
  }
  if (compiled.size >= maxCompiled) compiled.clear()
  compiled.set(name, configuration)
  return configuration
}

const idText = (value: unknown): string | undefined => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** @throws PayloadValidationError for a message without any id. */
export function identityOf(message: Message, { primaryKey: paths }: Configuration): Identity {
  const anonymousId = typeof message.anonymousId === 'string' ? idText(message.anonymousId) : undefined
  const userId = idText(message.userId)
  const primaryKey = paths.map((read) => idText(read(message))?.trim()).find((key) => key)
  if (anonymousId === undefined && userId === undefined && primaryKey === undefined)
    throw new PayloadValidationError('The message has no userId, no anonymousId and no primary key.')
  return {
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(userId === undefined ? {} : { userId }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
  }
}

const seenBuckets = 256
const maxSeen = 400

/** Whether a message was processed before; remembers it otherwise. The last hundred thousand are known. */
async function isRepeated(session: Session, messageId: string | undefined): Promise<boolean> {
  if (messageId === undefined) return false
  const digest = createHash('sha1').update(messageId).digest()
  const key = `seen/${(digest[0] as number) % seenBuckets}`
  const id = digest.toString('base64url').slice(0, 16)
  const seen = (await session.get<string[]>(key)) ?? []
  if (seen.includes(id)) return true
  session.set(key, [...seen, id].slice(-maxSeen))
  return false
}

async function nextNumber(session: Session): Promise<number> {
  const n = (await session.get<number>('messages')) ?? 0
  session.set('messages', n + 1)
  return n
}

/** A rule takes part from when it is there: what happened before does not fire it. */
async function activeFrom(session: Session, { rules }: Configuration, n: number) {
  const known = (await session.get<Record<string, number>>('rules')) ?? {}
  const wanted = Object.fromEntries(rules.map(({ id }) => [id, known[id] ?? n]))
  if (JSON.stringify(wanted) !== JSON.stringify(known)) session.set('rules', wanted)
  return wanted
}

/** Around a message. `now` in milliseconds since the epoch. */
export type Circumstances = {
  readonly now: number
  readonly knowsMessages: boolean
  readonly dropped: Dropped
}

/**
 * Processes one message: the users table, the data maps, the rules. Gives the primary key of its person, under which
 * what has to be sent now waits; undefined as long as nobody knows it. A message that was processed before changes
 * nothing.
 */
export async function processMessage(
  session: Session,
  message: Message,
  configuration: Configuration,
  { now, knowsMessages, dropped }: Circumstances,
): Promise<string | undefined> {
  const identity = identityOf(message, configuration)
  const table = usersTable(session, configuration.comparable)
  const messageId = idText(message.messageId)
  if (knowsMessages && (await isRepeated(session, messageId))) return (await table.find(identity))?.primaryKey
  const n = await nextNumber(session)
  const from = await activeFrom(session, configuration, n)
  const t = readTime(message.timestamp)?.getTime() ?? now
  const row = await table.update(identity)

  for (const map of configuration.maps) {
    if (!map.isFor(message)) continue
    const value = map.valueOf(message)
    if (value === unfit) dropped(map.field, 'a value that the data map cannot convert')
    else if (value !== undefined) addPending(row, map.field, [value, t, n])
  }
  const happening = { n, t, id: messageId ?? `message-${n}`, m: message }
  if (configuration.rules.some(({ isAbout }) => isAbout(message))) addHappening(row, happening)
  addWaiting(row, firedTriggers(row, configuration, from, n))
  forgetOldMarks(row)
  if (row.primaryKey !== undefined) await handOver(session, row, row.primaryKey, configuration)
  table.save(row)
  return row.primaryKey
}

function firedTriggers(
  row: Row,
  { rules, account }: Configuration,
  from: Readonly<Record<string, number>>,
  n: number,
): FiredTrigger[] {
  return rules.flatMap((rule) => {
    const marks = row.marks[rule.id] ?? noMarks()
    const matches = firedBy(rule, row.history, marks, from[rule.id] ?? 0)
    if (matches.length > 0) row.marks[rule.id] = marks
    return matches.map((matched) => ({
      n,
      rule: rule.id,
      eventId: rule.eventId,
      data: rule.dataOf(matched),
      eventTime: new Date(matched.at(-1)?.t ?? 0).toISOString(),
      triggerId: triggerIdOf(
        account,
        rule.id,
        row.id,
        matched.map(({ id }) => id),
      ),
    }))
  })
}

const emptyOutbox = (key: string): Outbox => ({
  key,
  written: {},
  fields: {},
  triggers: [],
  isThere: false,
})

export const readOutbox = async (session: Session, comparableKey: string): Promise<Outbox | undefined> =>
  session.get<Outbox>(outboxKey(comparableKey))

/** Moves what waited on the row to the contact of its key; a value that is older than the field's is left out. */
async function handOver(
  session: Session,
  row: Row,
  primaryKey: string,
  { comparable }: Configuration,
): Promise<void> {
  if (Object.keys(row.pending).length === 0 && row.waiting.length === 0) return
  const name = outboxKey(comparable(primaryKey))
  const outbox = (await session.get<Outbox>(name)) ?? emptyOutbox(primaryKey)
  for (const [field, write] of Object.entries(row.pending)) {
    const [, t, n] = write
    const last = outbox.written[field]
    if (last !== undefined && !isNewer(write, [null, ...last])) continue
    outbox.written[field] = [t, n]
    outbox.fields[field] = write
  }
  outbox.triggers.push(...row.waiting)
  row.pending = {}
  row.waiting = []
  session.set(name, outbox)
}

/** What of an outbox was sent. */
export type Sent = {
  readonly key: string
  readonly fields: Readonly<Record<string, Write>>
  readonly triggerIds: readonly string[]
  readonly isThere: boolean
}

/** Takes out of the outboxes what was sent, or refused for good; what came meanwhile stays. */
export async function clearOutboxes(
  session: Session,
  sent: readonly Sent[],
  comparable: Configuration['comparable'],
): Promise<void> {
  for (const { key, fields, triggerIds, isThere } of sent) {
    const name = outboxKey(comparable(key))
    const outbox = await session.get<Outbox>(name)
    if (outbox === undefined) continue
    for (const [field, [, , n]] of Object.entries(fields))
      if (outbox.fields[field]?.[2] === n) delete outbox.fields[field]
    outbox.triggers = outbox.triggers.filter(({ triggerId }) => !triggerIds.includes(triggerId))
    outbox.isThere ||= isThere
    session.set(name, outbox)
  }
}

/** Forgets the person of a user id; gives the primary key of the contact that has to be deleted. */
export async function forgetUser(
  session: Session,
  userId: string,
  comparable: Configuration['comparable'],
): Promise<string | undefined> {
  const row = await usersTable(session, comparable).remove(userId)
  if (row?.primaryKey !== undefined) session.set(outboxKey(comparable(row.primaryKey)), undefined)
  return row?.primaryKey
}
