import { type ActionState, RetryableError } from 'waybill'

/** What one transaction reads and writes. Values are plain JSON; undefined deletes. */
export type Session = {
  get<Value>(key: string): Promise<Value | undefined>
  set(key: string, value: unknown): void
}

/** Where the users table and the rules keep what they know. */
export interface PeopleState {
  /** Whether a message that comes again is recognized; a runtime that never repeats anything needs it not. */
  readonly knowsMessages: boolean
  /** One at a time; all that it wrote is kept, or nothing of it. */
  transaction<Result>(run: (session: Session) => Promise<Result>): Promise<Result>
}

/** One transaction after the other, in this process. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }
}

/** Values are read, and written as text, once in a transaction; in between they are the objects themselves. */
function createSession(read: (key: string) => Promise<string | undefined>) {
  const known = new Map<string, Promise<unknown>>()
  const changed = new Map<string, unknown>()
  const parsed = async (key: string): Promise<unknown> => {
    const text = await read(key)
    return text === undefined ? undefined : JSON.parse(text)
  }
  const session: Session = {
    async get<Value>(key: string) {
      if (changed.has(key)) return changed.get(key) as Value | undefined
      const value = known.get(key) ?? parsed(key)
      known.set(key, value)
      return (await value) as Value | undefined
    },
    set(key, value) {
      changed.set(key, value)
    },
  }
  const changes = (): ReadonlyMap<string, string | undefined> =>
    new Map(
      [...changed].map(([key, value]) => [key, value === undefined ? undefined : JSON.stringify(value)]),
    )
  return { session, changes }
}

/** Keeps everything in this process, and loses it with the process. */
export function createMemoryState(knowsMessages: boolean): PeopleState {
  const values = new Map<string, string>()
  const inTurn = createQueue()
  return {
    knowsMessages,
    transaction: (run) =>
      inTurn(async () => {
        const { session, changes } = createSession(async (key) => values.get(key))
        const result = await run(session)
        for (const [key, text] of changes()) {
          if (text === undefined) values.delete(key)
          else values.set(key, text)
        }
        return result
      }),
  }
}

const lockMs = 60_000
const waitMs = 20

/**
 * Keeps everything in the state of a store. The changes of a transaction are written down as one value before they are
 * made; what a process that was killed has left half made, the next transaction completes. A lock with an end keeps
 * other processes out.
 */
export function createDurableState(state: ActionState, prefix: string): PeopleState {
  const journalKey = `${prefix}journal`
  const lockKey = `${prefix}lock`
  const inTurn = createQueue()

  async function lock(): Promise<string> {
    const giveUpAt = Date.now() + lockMs
    for (;;) {
      const before = await state.get(lockKey)
      const isFree = before === undefined || Number(before.split(' ')[0]) < Date.now()
      const own = `${Date.now() + lockMs} ${Math.random()}`
      if (isFree && (await state.replace(lockKey, before, own))) return own
      if (Date.now() > giveUpAt)
        throw new RetryableError('Another process holds the users table of Emarsys.', 503)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  async function complete(): Promise<void> {
    const journal = await state.get(journalKey)
    if (journal === undefined) return
    const changes = JSON.parse(journal) as [string, string | null][]
    await Promise.all(
      changes.map(([key, text]) =>
        text === null ? state.delete(`${prefix}${key}`) : state.set(`${prefix}${key}`, text),
      ),
    )
    await state.delete(journalKey)
  }

  async function commit(changes: ReadonlyMap<string, string | undefined>, own: string): Promise<void> {
    if (changes.size === 0) return
    if ((await state.get(lockKey)) !== own)
      throw new RetryableError('The users table of Emarsys was held for too long.', 503)
    const journal = JSON.stringify([...changes].map(([key, text]) => [key, text ?? null]))
    if (!(await state.replace(journalKey, undefined, journal)))
      throw new RetryableError('Another process has changed the users table of Emarsys.', 503)
    await complete()
  }

  return {
    knowsMessages: true,
    transaction: (run) =>
      inTurn(async () => {
        const own = await lock()
        try {
          await complete()
          const { session, changes } = createSession((key) => state.get(`${prefix}${key}`))
          const result = await run(session)
          await commit(changes(), own)
          return result
        } finally {
          if ((await state.get(lockKey)) === own) await state.delete(lockKey)
        }
      }),
  }
}
