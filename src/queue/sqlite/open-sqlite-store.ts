import { createHolds } from '../holds'
import type { Store } from '../store'
import { createStoreClock } from '../store-clock'
import { createTokens } from '../token-bucket'
import { createWake } from '../wake'
import { openDatabase } from './database'
import { createGroupCommit } from './group-commit'
import { createMaintenance } from './maintenance'
import { own } from './ownership'
import { readJourney } from './read-journey'
import { createReserve } from './reserve'
import { migrate } from './schema'
import type { SqliteCore } from './sqlite-core'
import { createSqliteLanes } from './sqlite-lanes'
import { createSqliteQueue, loadHolds } from './sqlite-queue'
import { createSqliteState } from './sqlite-state'
import { createSqliteWaiting } from './sqlite-waiting'

const hour = 3_600_000

export type SqliteStoreOptions = {
  /** Made, with its folder, where it is missing; for its owner alone (mode 0600). */
  readonly file: string
  /** How long at least the ids of deliveries are remembered, in milliseconds. Default: 4 hours. */
  readonly dedupeMs?: number
  /** How long dead letters are kept, in milliseconds. Default: 30 days. */
  readonly deadMs?: number
  /** How long it is known which deliveries ended, in milliseconds, for `journey`. Default 0: not at all. */
  readonly endedMs?: number
  /** Bytes kept free for a full disk. Default 16 MiB. */
  readonly reserveBytes?: number
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number
}

/**
 * Opens a store in one file, for this process alone. Its payloads are not encrypted: the file is as secret as the events.
 * @throws QueueError QUEUE_IN_USE, QUEUE_VERSION, QUEUE_UNAVAILABLE, QUEUE_FULL
 */
export async function openSqliteStore({
  file: given,
  dedupeMs = 4 * hour,
  deadMs = 30 * 24 * hour,
  endedMs = 0,
  reserveBytes = 16 * 1024 * 1024,
  now,
}: SqliteStoreOptions): Promise<Store> {
  const { file, release } = own(given)
  const opened: { close(): void }[] = []
  try {
    const reserve = createReserve(file, reserveBytes)
    const open = (synchronous: 'FULL' | 'NORMAL') => {
      const database = openDatabase(file)
      opened.push(database)
      return { database, set: () => database.exec(settingsOf(synchronous)) }
    }
    const { database: puts, set: setPuts } = open('FULL')
    migrate(puts, file)
    setPuts()
    const { database: works, set: setWorks } = open('NORMAL')
    setWorks()

    const [clockRow] = puts.sql("SELECT value FROM state WHERE key = 'store.clock'").all()
    const clock = createStoreClock(now, Number(clockRow?.[0] ?? 0))
    const lanes = createSqliteLanes(puts)
    const giveUp = (error: unknown) => (error as { code?: unknown }).code === 'QUEUE_FULL' && reserve.giveUp()
    const core: SqliteCore = {
      file,
      puts,
      works,
      clock,
      lanes,
      putGroup: createGroupCommit(puts, (error) => {
        giveUp(error)
        return false
      }),
      settleGroup: createGroupCommit(works, giveUp),
      holds: createHolds(),
      wake: createWake(),
      leases: new Map(),
      nextSeq: counter(Number(puts.sql('SELECT max(seq) FROM job').all()[0]?.[0] ?? 0)),
      nextEvent: counter(Number(puts.sql('SELECT max(id) FROM event').all()[0]?.[0] ?? 0)),
      dueAt(lane, at) {
        if (at < lane.nextAt) lane.nextAt = at
      },
      dedupeMs,
      endedMs,
    }
    loadHolds(core)
    // This process is the only one: what an earlier one had in hand is due again, marked as perhaps done.
    works.sql('UPDATE job SET visible_at = ?1 WHERE lease IS NOT NULL AND visible_at > ?1').run(clock.now())

    const maintenance = createMaintenance(core, { deadMs, reserve })
    await reserve.restore()
    const { queue, refuseWhenClosed } = createSqliteQueue(core, { reserve, maintenance, release })
    return {
      queue,
      state: createSqliteState(puts, core.putGroup, refuseWhenClosed),
      waiting: createSqliteWaiting(core, refuseWhenClosed),
      tokens: createTokens(clock.now),
      journey: (messageId) => readJourney(works, lanes, clock, messageId),
      close: () => queue.close(),
    }
  } catch (error) {
    for (const one of opened) one.close()
    release()
    throw error
  }
}

const settingsOf = (synchronous: 'FULL' | 'NORMAL'): string =>
  `PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = ${64 * 1024 * 1024}; PRAGMA cache_size = -16000`

function counter(last: number): () => number {
  let value = last
  return () => {
    value += 1
    return value
  }
}
