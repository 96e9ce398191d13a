import type { PageOptions } from '../queue'
import type { WaitingDelivery, WaitingFilter, WaitingPage, WaitingState } from '../store'
import type { StoreClock } from '../store-clock'
import { fromStoredText } from '../stored-text'
import { waitingConditions } from './conditions'
import type { Database, SqlRow } from './database'
import { historyOf } from './sqlite-core'
import { personOf, type SqliteLanes } from './sqlite-lanes'
import { scan } from './windows'

const columns = `seq, lane, delivery_id, key, received_at, first_attempt_at, attempt, history, visible_at, lease,
  (SELECT body FROM event WHERE event.id = job.event)`

function stateOf(visibleAt: unknown, lease: unknown, now: number): WaitingState {
  if (visibleAt === null) return 'behind'
  if (Number(visibleAt) <= now) return 'ready'
  return lease === null ? 'waiting' : 'leased'
}

function waitingOf(row: SqlRow, lanes: SqliteLanes, clock: StoreClock): WaitingDelivery {
  const [seq, lane, deliveryId, key, receivedAt, firstAttemptAt, attempt, history, visibleAt, lease, body] =
    row
  const { connection, subscription } = lanes.byId(Number(lane))
  return {
    id: String(seq),
    delivery: {
      event: JSON.parse(String(body)),
      connection,
      subscription,
      idempotencyKey: fromStoredText(String(deliveryId)),
      attempt: Number(attempt),
      receivedAt: Number(receivedAt),
      firstAttemptAt: Number(firstAttemptAt),
      history: historyOf(history),
      ...(key !== null && { person: personOf(String(key)) }),
    },
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
