import type { Holds } from '../holds'
import type { LaneStats } from '../queue'
import type { StoreClock } from '../store-clock'
import type { Database } from './database'
import type { SqliteLanes } from './sqlite-lanes'
import { scan } from './windows'

type Counts = { ready: number; waiting: number; leased: number; dead: number; oldest: number }

const nothing: Counts = { ready: 0, waiting: 0, leased: 0, dead: 0, oldest: Number.POSITIVE_INFINITY }

/** Per lane: ready, waiting, leased, oldest, at a time that is given three times. */
const select = `lane,
  sum(visible_at IS NOT NULL AND visible_at <= ?),
  sum(visible_at IS NULL OR (visible_at > ? AND lease IS NULL)),
  sum(visible_at > ? AND lease IS NOT NULL),
  min(received_at)`

/**
 * Counts what is in the lanes, step by step, so that a million waiting deliveries stop nothing. What took long to count
 * is remembered for ten times as long.
 */
export function createStatsReader(
  database: Database,
  lanes: SqliteLanes,
  holds: Holds,
  clock: StoreClock,
): () => Promise<LaneStats[]> {
  async function count(): Promise<Map<number, Counts>> {
    const counts = new Map<number, Counts>()
    const of = (lane: number) => {
      const known = counts.get(lane) ?? { ...nothing }
      counts.set(lane, known)
      return known
    }
    const now = clock.now()
    const steps = scan(database, {
      table: 'job',
      key: 'seq',
      select,
      selected: [now, now, now],
      where: { sql: [], values: [] },
      direction: 'up',
      suffix: 'GROUP BY lane',
    })
    for await (const rows of steps)
      for (const [lane, ready, waiting, leased, oldest] of rows) {
        const sum = of(Number(lane))
        sum.ready += Number(ready)
        sum.waiting += Number(waiting)
        sum.leased += Number(leased)
        sum.oldest = Math.min(sum.oldest, Number(oldest))
      }
    for (const [lane, dead] of database.sql('SELECT lane, sum(count) FROM dead_count GROUP BY lane').all())
      of(Number(lane)).dead = Number(dead)
    return counts
  }

  function statsOf(counts: ReadonlyMap<number, Counts>): LaneStats[] {
    const now = clock.now()
    return [...lanes.all()].map((lane) => {
      const { oldest, ...sums } = counts.get(lane.id) ?? nothing
      const held = holds.of(lane, now)
      return {
        connection: lane.connection,
        subscription: lane.subscription,
        ...sums,
        ...(oldest !== Number.POSITIVE_INFINITY && { oldestReceivedAt: oldest }),
        ...(held !== undefined && { heldUntil: clock.toWall(held.until) }),
        ...(held?.because !== undefined && { heldBecause: held.because }),
      }
    })
  }

  let last: { counts: Promise<Map<number, Counts>>; until: number } | undefined
  return async () => {
    lanes.load()
    if (last === undefined || performance.now() >= last.until) {
      const start = performance.now()
      const current = { counts: count(), until: Number.POSITIVE_INFINITY }
      last = current
      current.counts
        .catch(() => undefined)
        .then(() => {
          const took = performance.now() - start
          current.until = took < 20 ? 0 : performance.now() + 10 * took
        })
    }
    return statsOf(await last.counts)
  }
}
