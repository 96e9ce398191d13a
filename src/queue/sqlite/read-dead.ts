import type { Outcome } from '../../outcome'
import type { DeadCount, DeadFilter, DeadLetter, DeadLetters } from '../queue'
import { fromStoredText } from '../stored-text'
import { deadConditions } from './conditions'
import type { Database, SqlRow } from './database'
import type { SqliteLanes } from './sqlite-lanes'
import { deliveryColumns, storedDelivery } from './stored-delivery'
import { scan } from './windows'

const columns = `id, ${deliveryColumns}, reason, outcome, died_at,
  (SELECT body FROM event WHERE event.id = dead.event)`

function letterOf(row: SqlRow, lanes: SqliteLanes): DeadLetter {
  const [id] = row
  const [reason, outcome, diedAt, body] = row.slice(8)
  return {
    id: String(id),
    delivery: storedDelivery(row.slice(1, 8), body, lanes),
    reason: fromStoredText(String(reason)),
    outcome: JSON.parse(String(outcome)) as Outcome,
    diedAt: Number(diedAt),
  }
}

/** Reads dead letters, for the owner and for readers. */
export function createDeadReader(
  database: Database,
  lanes: SqliteLanes,
): Pick<DeadLetters, 'list' | 'count' | 'reasons'> & { ids(filter: DeadFilter): Promise<number[]> } {
  const scanOf = (filter: DeadFilter) =>
    ({ table: 'dead', key: 'id', where: deadConditions(filter, lanes), direction: 'down' }) as const

  return {
    async list(filter, { limit = 100, after } = {}) {
      lanes.load()
      const letters: DeadLetter[] = []
      const start = { ...scanOf(filter), ...(after !== undefined && { after: Number(after) }) }
      for await (const rows of scan(database, {
        ...start,
        select: columns,
        limit: Math.min(limit + 1, 200),
      })) {
        for (const row of rows) if (letters.length <= limit) letters.push(letterOf(row, lanes))
        if (letters.length > limit) break
      }
      const isMore = letters.length > limit
      const page = letters.slice(0, limit)
      return { letters: page, ...(isMore && { next: page.at(-1)?.id ?? '' }) }
    },
    async count(filter) {
      lanes.load()
      let count = 0
      for await (const [row] of scan(database, { ...scanOf(filter), select: 'count(*)', suffix: ' ' }))
        count += Number(row?.[0])
      return count
    },
    async reasons() {
      lanes.load()
      const rows = database.sql('SELECT lane, reason, count FROM dead_count WHERE count > 0').all()
      return rows.map(([lane, reason, count]): DeadCount => {
        const { connection, subscription } = lanes.byId(Number(lane))
        return { connection, subscription, reason: fromStoredText(String(reason)), count: Number(count) }
      })
    },
    /** The oldest first. */
    async ids(filter) {
      const ids: number[] = []
      for await (const rows of scan(database, { ...scanOf(filter), direction: 'up', select: 'id' }))
        for (const [id] of rows) ids.push(Number(id))
      return ids
    },
  }
}
