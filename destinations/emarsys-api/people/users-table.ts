import sortBy from 'lodash/sortBy'
import type { FieldValue } from '../values'
import { type Happening, type Marks, noMarks } from './rules'
import type { Session } from './state'

/** A value on its way into a field, with when it happened and in which order it came. */
export type Write = readonly [value: FieldValue, t: number, n: number]

/** A trigger that a rule has fired. */
export type FiredTrigger = {
  readonly n: number
  readonly rule: string
  readonly eventId: number
  readonly data: Readonly<Record<string, unknown>>
  readonly eventTime: string
  readonly triggerId: string
}

/** A row of the users table, as it is kept. */
export type Row = {
  readonly id: number
  anonymousIds: string[]
  userId?: string
  primaryKey?: string
  previousPrimaryKeys: string[]
  /** Values that wait for a primary key, by field. */
  pending: Record<string, Write>
  /** Triggers that wait for a primary key. */
  waiting: FiredTrigger[]
  /** Messages that rules may use, in order. */
  history: Happening[]
  marks: Record<string, Marks>
}

/** The ids of one message. */
export type Identity = {
  readonly anonymousId?: string
  readonly userId?: string
  readonly primaryKey?: string
}

const maxHistory = 200
const maxWaiting = 100

export const isNewer = ([, t, n]: Write, [, otherT, otherN]: Write): boolean =>
  t > otherT || (t === otherT && n > otherN)

export function addPending(row: Row, field: string, write: Write): void {
  const known = row.pending[field]
  if (known === undefined || isNewer(write, known)) row.pending[field] = write
}

export function addHappening(row: Row, happening: Happening): void {
  row.history = sortBy([...row.history, happening], ['t', 'n']).slice(-maxHistory)
}

export function addWaiting(row: Row, triggers: readonly FiredTrigger[]): void {
  row.waiting = sortBy([...row.waiting, ...triggers], 'n').slice(-maxWaiting)
}

/** Marks of messages that are not kept any more decide nothing. */
export function forgetOldMarks(row: Row): void {
  const kept = new Set(row.history.map(({ n }) => n))
  for (const marks of Object.values(row.marks)) {
    marks.used = marks.used.filter((n) => kept.has(n))
    marks.done = marks.done.filter((n) => kept.has(n))
  }
}

const keys = {
  row: (id: number) => `row/${id}`,
  anonymousId: (id: string) => `anonymous/${id}`,
  userId: (id: string) => `user/${id}`,
  primaryKey: (key: string) => `key/${key}`,
}

/**
 * The users table over a session of the state. Each message changes it, before maps and rules are looked at. A primary
 * key says more than a user id, and that more than an anonymous id.
 */
export function usersTable(session: Session, comparable: (key: string) => string) {
  const rowOf = async (index: string): Promise<Row | undefined> => {
    const id = await session.get<number>(index)
    return id === undefined ? undefined : session.get<Row>(keys.row(id))
  }
  const byAnonymousId = (id: string | undefined) =>
    id === undefined ? undefined : rowOf(keys.anonymousId(id))
  const byUserId = (id: string | undefined) => (id === undefined ? undefined : rowOf(keys.userId(id)))
  const byKey = (key: string | undefined) =>
    key === undefined ? undefined : rowOf(keys.primaryKey(comparable(key)))

  const save = (row: Row): void => session.set(keys.row(row.id), row)

  async function insert(): Promise<Row> {
    const id = ((await session.get<number>('rows')) ?? 0) + 1
    session.set('rows', id)
    return {
      id,
      anonymousIds: [],
      previousPrimaryKeys: [],
      pending: {},
      waiting: [],
      history: [],
      marks: {},
    }
  }

  /** A row without any id is nobody. */
  function drop(row: Row): void {
    session.set(keys.row(row.id), undefined)
  }

  function settle(row: Row | undefined): void {
    if (row === undefined) return
    if (row.anonymousIds.length === 0 && row.userId === undefined && row.primaryKey === undefined) drop(row)
    else save(row)
  }

  function setUserId(row: Row, userId: string, former: Row | undefined): void {
    if (former !== undefined && former.id !== row.id) delete former.userId
    if (row.userId !== undefined && row.userId !== userId) session.set(keys.userId(row.userId), undefined)
    row.userId = userId
    session.set(keys.userId(userId), row.id)
  }

  function setKey(row: Row, key: string): void {
    if (row.primaryKey !== undefined) {
      row.previousPrimaryKeys.push(row.primaryKey)
      session.set(keys.primaryKey(comparable(row.primaryKey)), undefined)
    }
    row.primaryKey = key
    session.set(keys.primaryKey(comparable(key)), row.id)
  }

  /** Takes all of a row into another. */
  function merge(into: Row, from: Row): void {
    drop(from)
    for (const id of from.anonymousIds) {
      into.anonymousIds.push(id)
      session.set(keys.anonymousId(id), into.id)
    }
    from.anonymousIds = []
    if (from.userId !== undefined && into.userId === undefined) setUserId(into, from.userId, undefined)
    delete from.userId
    into.previousPrimaryKeys.push(...from.previousPrimaryKeys)
    for (const [field, write] of Object.entries(from.pending)) addPending(into, field, write)
    addWaiting(into, from.waiting)
    into.history = sortBy([...into.history, ...from.history], ['t', 'n']).slice(-maxHistory)
    for (const [rule, other] of Object.entries(from.marks)) {
      const marks = into.marks[rule] ?? noMarks()
      into.marks[rule] = marks
      marks.fired ||= other.fired
      for (const list of ['ends', 'used', 'done'] as const) marks[list].push(...other[list])
    }
  }

  /** Whose message it is, where the table knows the key or the user; undefined where it knows neither. */
  function ownerOf(
    { userId, primaryKey }: Identity,
    keyRow: Row | undefined,
    userRow: Row | undefined,
  ): Row | undefined {
    if (keyRow === undefined) {
      if (userRow !== undefined && primaryKey !== undefined) setKey(userRow, primaryKey)
      return userRow
    }
    if (userId === undefined || keyRow.userId === userId) return keyRow
    if (keyRow.userId === undefined && userRow !== undefined && userRow.primaryKey === undefined)
      merge(keyRow, userRow)
    else setUserId(keyRow, userId, userRow)
    return keyRow
  }

  return {
    save,
    /** The row of a message, without changing anything. */
    async find({ anonymousId, userId, primaryKey }: Identity): Promise<Row | undefined> {
      return (await byKey(primaryKey)) ?? (await byUserId(userId)) ?? (await byAnonymousId(anonymousId))
    },
    /** Updates the table for a message and gives its row, which the caller saves. */
    async update(identity: Identity): Promise<Row> {
      const { anonymousId, userId, primaryKey } = identity
      // One object for each row, however many of its ids the message has.
      const rows = new Map<number, Row>()
      const one = (row: Row | undefined): Row | undefined => {
        if (row === undefined) return undefined
        const known = rows.get(row.id) ?? row
        rows.set(row.id, known)
        return known
      }
      const keyRow = one(await byKey(primaryKey))
      const userRow = one(await byUserId(userId))
      const device = one(await byAnonymousId(anonymousId))
      const isNobody = device !== undefined && device.userId === undefined && device.primaryKey === undefined

      let row = ownerOf(identity, keyRow, userRow)
      if (row === undefined) {
        const isSomebodyElse =
          (userId !== undefined && device?.userId !== undefined) ||
          (primaryKey !== undefined && device?.primaryKey !== undefined)
        row = device === undefined || isSomebodyElse ? await insert() : device
        if (userId !== undefined) setUserId(row, userId, undefined)
        if (primaryKey !== undefined && row.primaryKey !== primaryKey) setKey(row, primaryKey)
      }
      if (anonymousId !== undefined && !row.anonymousIds.includes(anonymousId)) {
        if (device !== undefined && isNobody && device.id !== row.id) merge(row, device)
        else {
          if (device !== undefined)
            device.anonymousIds = device.anonymousIds.filter((id) => id !== anonymousId)
          row.anonymousIds.push(anonymousId)
          session.set(keys.anonymousId(anonymousId), row.id)
        }
      }
      for (const other of rows.values()) if (other.id !== row.id) settle(other)
      save(row)
      return row
    },
    /** Takes the row of a user away; gives it as it was. */
    async remove(userId: string): Promise<Row | undefined> {
      const row = await byUserId(userId)
      if (row === undefined) return undefined
      drop(row)
      session.set(keys.userId(userId), undefined)
      if (row.primaryKey !== undefined) session.set(keys.primaryKey(comparable(row.primaryKey)), undefined)
      for (const id of row.anonymousIds) session.set(keys.anonymousId(id), undefined)
      return row
    },
    /** All rows, oldest first. */
    async all(): Promise<Row[]> {
      const count = (await session.get<number>('rows')) ?? 0
      const rows = await Promise.all(
        Array.from({ length: count }, (_, index) => session.get<Row>(keys.row(index + 1))),
      )
      return rows.filter((row) => row !== undefined)
    },
  }
}
