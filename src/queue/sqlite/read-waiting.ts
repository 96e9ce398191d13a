import type { PageOptions } from '../queue'
import type { WaitingDelivery, WaitingFilter, WaitingPage, WaitingState } from '../store'
import type { StoreClock } from '../store-clock'
import { waitingConditions } from './conditions'
import type { Database, SqlRow } from './database'
import type { SqliteLanes } from './sqlite-lanes'
import { deliveryColumns, storedDelivery } from './stored-delivery'
import { scan } from './windows'

const columns = `seq, ${deliveryColumns}, visible_at, lease,
  (SELECT body FROM event WHERE event.id = job.event)`

function stateOf(visibleAt: unknown, lease: unknown, now: number): WaitingState {
  if (visibleAt === null) return 'behind'
  if (Number(visibleAt) <= now) return 'ready'
  return lease === null ? 'waiting' : 'leased'
}

function waitingOf(row: SqlRow, lanes: SqliteLanes, clock: StoreClock): WaitingDelivery {
  const [seq] = row
  const [visibleAt, lease, body] = row.slice(8)
  return {
    id: String(seq),
    delivery: storedDelivery(row.slice(1, 8), body, lanes),
    state: stateOf(visibleAt, lease, clock.now()),
    ...(visibleAt !== null && { dueAt: clock.toWall(Number(visibleAt)) }),
  }
}

/** Reads what waits, for the owner and for readers. */
export const createWaitingReader =
  (database: Database, lanes: SqliteLanes, clock: StoreClock) =>
  async (filter: WaitingFilter, { limit = 100, after }: PageOptions = {}): Promise<WaitingPage> => {
    lanes.load()
    const found: WaitingDelivery[] = []
    const pages = scan(database, {
      table: 'job',
      key: 'seq',
      select: columns,
      where: waitingConditions(filter, lanes),
      direction: 'up',
      ...(after !== undefined && { after: Number(after) }),
      limit: Math.min(limit + 1, 200),
    })
    for await (const rows of pages) {
      for (const row of rows) if (found.length <= limit) found.push(waitingOf(row, lanes, clock))
      if (found.length > limit) break
    }
    const deliveries = found.slice(0, limit)
    return { deliveries, ...(found.length > limit && { next: deliveries.at(-1)?.id ?? '' }) }
  }
