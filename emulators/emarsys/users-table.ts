/** The identification properties of one message; at least one is there. */
export type Identity = {
  readonly anonymousId?: string
  readonly userId?: string
  readonly primaryKey?: string
}

/** A row of the users table. `state` is what else is known about the person. */
export type Row<State> = {
  readonly id: number
  readonly anonymousIds: Set<string>
  userId?: string
  primaryKey?: string
  readonly previousPrimaryKeys: string[]
  /** Milliseconds since the epoch, by the emulator's clock. */
  firstSeen: number
  lastSeen: number
  readonly state: State
}

export type UsersTableOptions<State> = {
  readonly createState: () => State
  /** Moves everything from the state of a row that ends to that of the row which takes it in. */
  readonly mergeState: (into: State, from: State) => void
  /** Primary keys that give the same text are the same. */
  readonly comparable: (key: string) => string
}

/** The intermediate users table: every message changes it, before maps and rules are looked at. */
export type UsersTable<State> = {
  /** Updates the table for one message and gives the row that the message belongs to. */
  update(identity: Identity, now: number): Row<State>
  removeUser(userId: string): Row<State> | undefined
  readonly rows: ReadonlySet<Row<State>>
  /** How often two rows claimed the same person and the table had to decide. */
  readonly conflicts: number
}

/**
 * Creates an empty table. The vendor documents its three columns and that each request updates it. How ids that
 * contradict each other are settled is not published; here a primary key is stronger than a user id, and that is
 * stronger than an anonymous id:
 *
 * - The row of the primary key gets the message. It takes in the row of the user id if neither says otherwise (no key
 *   there, no user id here); else the user id is moved to it, which counts as a conflict.
 * - Without a row of that key, the row of the user id gets the message, and a different key replaces its own.
 * - An anonymous id joins the other ids if its row has none; if its row is somebody else's, the device has changed
 *   hands: the anonymous id moves, and nothing else.
 */
export function createUsersTable<State>(options: UsersTableOptions<State>): UsersTable<State> {
  const rows = new Set<Row<State>>()
  const byAnonymousId = new Map<string, Row<State>>()
  const byUserId = new Map<string, Row<State>>()
  const byKey = new Map<string, Row<State>>()
  let created = 0
  let conflicts = 0

  const { comparable } = options

  function insert(now: number): Row<State> {
    created += 1
    const row: Row<State> = {
      id: created,
      anonymousIds: new Set(),
      previousPrimaryKeys: [],
      firstSeen: now,
      lastSeen: now,
      state: options.createState(),
    }
    rows.add(row)
    return row
  }

  function setUserId(row: Row<State>, userId: string): void {
    const former = byUserId.get(userId)
    if (former !== undefined && former !== row) delete former.userId
    if (row.userId !== undefined) byUserId.delete(row.userId)
    row.userId = userId
    byUserId.set(userId, row)
  }

  function setKey(row: Row<State>, key: string): void {
    if (row.primaryKey !== undefined) {
      row.previousPrimaryKeys.push(row.primaryKey)
      byKey.delete(comparable(row.primaryKey))
    }
    row.primaryKey = key
    byKey.set(comparable(key), row)
  }

  function moveAnonymousId(id: string, row: Row<State>): void {
    byAnonymousId.get(id)?.anonymousIds.delete(id)
    row.anonymousIds.add(id)
    byAnonymousId.set(id, row)
  }

  /** The one who stays keeps what it has and takes what it lacks. */
  function merge(into: Row<State>, from: Row<State>): void {
    rows.delete(from)
    for (const id of from.anonymousIds) moveAnonymousId(id, into)
    if (from.userId !== undefined && into.userId === undefined) setUserId(into, from.userId)
    into.previousPrimaryKeys.push(...from.previousPrimaryKeys)
    into.firstSeen = Math.min(into.firstSeen, from.firstSeen)
    into.lastSeen = Math.max(into.lastSeen, from.lastSeen)
    options.mergeState(into.state, from.state)
  }

  function ownerByKey(row: Row<State>, userId: string | undefined): Row<State> {
    if (userId === undefined || row.userId === userId) return row
    const other = byUserId.get(userId)
    if (row.userId === undefined && other !== undefined && other.primaryKey === undefined) merge(row, other)
    else {
      if (row.userId !== undefined || other !== undefined) conflicts += 1
      setUserId(row, userId)
    }
    return row
  }

  /** The row of the anonymous id, where it can be the same person; else a new one. */
  function ownerByAnonymousId(device: Row<State> | undefined, { userId, primaryKey }: Identity, now: number) {
    const isSomebodyElse =
      (userId !== undefined && device?.userId !== undefined) ||
      (primaryKey !== undefined && device?.primaryKey !== undefined)
    const row = device === undefined || isSomebodyElse ? insert(now) : device
    if (userId !== undefined) setUserId(row, userId)
    if (primaryKey !== undefined) setKey(row, primaryKey)
    return row
  }

  function ownerOf(identity: Identity, device: Row<State> | undefined, now: number): Row<State> {
    const { userId, primaryKey } = identity
    const keyRow = primaryKey === undefined ? undefined : byKey.get(comparable(primaryKey))
    if (keyRow !== undefined) return ownerByKey(keyRow, userId)
    const userRow = userId === undefined ? undefined : byUserId.get(userId)
    if (userRow === undefined) return ownerByAnonymousId(device, identity, now)
    if (primaryKey !== undefined) setKey(userRow, primaryKey)
    return userRow
  }

  function removeIfEmpty(row: Row<State> | undefined): void {
    if (row && row.anonymousIds.size === 0 && row.userId === undefined && row.primaryKey === undefined)
      rows.delete(row)
  }

  return {
    update(identity, now) {
      const { anonymousId, userId } = identity
      const device = anonymousId === undefined ? undefined : byAnonymousId.get(anonymousId)
      const userRow = userId === undefined ? undefined : byUserId.get(userId)
      const isNobody = device && device.userId === undefined && device.primaryKey === undefined
      const row = ownerOf(identity, device, now)
      if (anonymousId !== undefined && byAnonymousId.get(anonymousId) !== row) {
        if (device && isNobody) merge(row, device)
        else moveAnonymousId(anonymousId, row)
      }
      removeIfEmpty(device)
      removeIfEmpty(userRow)
      row.lastSeen = Math.max(row.lastSeen, now)
      return row
    },
    removeUser(userId) {
      const row = byUserId.get(userId)
      if (row === undefined) return undefined
      rows.delete(row)
      byUserId.delete(userId)
      if (row.primaryKey !== undefined) byKey.delete(comparable(row.primaryKey))
      for (const id of row.anonymousIds) byAnonymousId.delete(id)
      return row
    },
    rows,
    get conflicts() {
      return conflicts
    },
  }
}
