import { createDeadChanges } from './change-dead'
import type { Reserve } from './reserve'
import type { SqliteCore } from './sqlite-core'

const intervalMs = 1000
const quietMs = 2000
/** Pages given back to the system a step: some 10 ms. */
const vacuumPages = 200
const keptFreePages = 1000

export type Maintenance = {
  /** The store was used: nothing that can wait is done for a while. */
  used(): void
  /** One round, at once. */
  run(): Promise<void>
  stop(): void
}

/**
 * Forgets what is too old, gives free pages back while nothing else is to be done, and keeps the write-ahead log small. Each
 * step is short.
 */
export function createMaintenance(
  core: SqliteCore,
  { deadMs, reserve }: { readonly deadMs: number; readonly reserve: Reserve },
): Maintenance {
  const { works, clock, dedupeMs, endedMs } = core
  const { drop } = createDeadChanges(core)
  const oldDead = works.sql('SELECT id, died_at FROM dead ORDER BY id LIMIT 200')
  const forgetSeen = works.sql(
    'DELETE FROM seen WHERE (turn, id) IN (SELECT turn, id FROM seen WHERE turn < ? LIMIT 500)',
  )
  const forgetEnded = works.sql(
    'DELETE FROM ended WHERE id IN (SELECT id FROM ended WHERE ended_at < ? ORDER BY id LIMIT 500)',
  )
  const freePages = works.sql('PRAGMA freelist_count')
  const vacuum = works.sql(`PRAGMA incremental_vacuum(${vacuumPages})`)
  const checkpoint = works.sql('PRAGMA wal_checkpoint(TRUNCATE)')
  let lastUse = performance.now()
  let isTruncated = false
  let isRunning = false

  function forget(): void {
    forgetSeen.run(Math.floor(clock.now() / dedupeMs) - 1)
    if (endedMs > 0) forgetEnded.run(clock.toWall(clock.now()) - endedMs)
    const limit = clock.toWall(clock.now()) - deadMs
    const ids = oldDead.all().flatMap(([id, diedAt]) => (Number(diedAt) < limit ? [Number(id)] : []))
    if (ids.length > 0) drop(ids)
  }

  function tidy(): void {
    if (performance.now() - lastUse < quietMs) return
    if (Number(freePages.all()[0]?.[0]) > keptFreePages) {
      vacuum.all()
      isTruncated = false
    } else if (!isTruncated) {
      checkpoint.all()
      isTruncated = true
    }
  }

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      await reserve.restore()
      forget()
      tidy()
    } catch {
      // A full disk, or a reader that keeps the log: the next round tries again.
    } finally {
      isRunning = false
    }
  }

  const timer = setInterval(run, intervalMs)
  timer.unref()
  return {
    run,
    used() {
      lastUse = performance.now()
      isTruncated = false
    },
    stop: () => clearInterval(timer),
  }
}
