/** Where small values are kept that outlive the process: the `state` of a store. */
export type MembershipState = {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}

/** Who was in an audience after its last sync, as one connection was told. */
export type Membership = {
  /** Syncs so far; 0: none. */
  readonly sync: number
  readonly members: ReadonlySet<string>
  /** People whose change a sync that broke off may have told, or not. */
  readonly uncertain: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly syncedAt?: number
}

type Record = {
  readonly sync: number
  /** Chunks. */
  readonly members: number
  readonly pending?: number
  /** Syncs that were begun, broken ones included. */
  readonly begun?: number
  readonly syncedAt?: number
}

const perChunk = 10_000

/** Keeps the membership of one audience and connection, in chunks, so that no value grows without bound. */
export function createMembershipStore(state: MembershipState, connection: string, audience: string) {
  const key = `audience/${JSON.stringify([connection, audience])}`
  const chunkKey = (kind: 'members' | 'pending', sync: number, index: number) =>
    `${key}/${sync}/${kind}/${index}`

  async function read(): Promise<Record> {
    const text = await state.get(key)
    return text === undefined ? { sync: 0, members: 0 } : (JSON.parse(text) as Record)
  }

  async function readChunks(kind: 'members' | 'pending', sync: number, count: number): Promise<Set<string>> {
    const ids = new Set<string>()
    for (let index = 0; index < count; index++)
      for (const id of JSON.parse((await state.get(chunkKey(kind, sync, index))) ?? '[]') as string[])
        ids.add(id)
    return ids
  }

  async function writeChunks(
    kind: 'members' | 'pending',
    sync: number,
    ids: readonly string[],
  ): Promise<number> {
    const count = Math.ceil(ids.length / perChunk)
    for (let index = 0; index < count; index++)
      await state.set(
        chunkKey(kind, sync, index),
        JSON.stringify(ids.slice(index * perChunk, (index + 1) * perChunk)),
      )
    return count
  }

  async function deleteChunks(kind: 'members' | 'pending', sync: number, count: number): Promise<void> {
    for (let index = 0; index < count; index++) await state.delete(chunkKey(kind, sync, index))
  }

  return {
    async load(): Promise<Membership> {
      const { sync, members, pending = 0, syncedAt } = await read()
      return {
        sync,
        members: await readChunks('members', sync, members),
        uncertain: await readChunks('pending', sync + 1, pending),
        ...(syncedAt !== undefined && { syncedAt }),
      }
    },
    /** Before the first change of the next sync is told: whose changes are under way. Gives a number that no sync had before. */
    async begin(changed: readonly string[]): Promise<number> {
      const record = await read()
      const pending = await writeChunks('pending', record.sync + 1, changed)
      const begun = (record.begun ?? 0) + 1
      await state.set(key, JSON.stringify({ ...record, pending, begun }))
      return begun
    },
    /** After the last change was stored. */
    async finish(members: readonly string[], now: number): Promise<void> {
      const former = await read()
      const sync = former.sync + 1
      const count = await writeChunks('members', sync, members)
      await state.set(key, JSON.stringify({ sync, members: count, begun: former.begun, syncedAt: now }))
      await deleteChunks('members', former.sync, former.members)
      await deleteChunks('pending', sync, former.pending ?? 0)
    },
  }
}

export type MembershipStore = ReturnType<typeof createMembershipStore>
