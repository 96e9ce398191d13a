import { setAsideOutcome, setAsideReason } from '../set-aside'
import type { WaitingDeliveries, WaitingDelivery, WaitingState } from '../store'
import { fromStoredText } from '../stored-text'
import { conditionsOf } from './conditions'
import { historyOf, type PostgresCore } from './postgres-core'
import type { PostgresLane } from './postgres-lanes'

type Row = {
  seq: number
  lane: number
  delivery_id: string
  key: string | null
  received_at: number
  first_attempt_at: number
  attempt: number
  history: string | null
  visible_at: number | null
  lease: number | null
  body: string
  now: number
}

function stateOf({ visible_at: at, lease, now }: Row): WaitingState {
  if (at === null) return 'behind'
  if (at <= now) return 'ready'
  return lease === null ? 'waiting' : 'leased'
}

function waitingOf(row: Row, lane: PostgresLane): WaitingDelivery {
  const person = row.key === null ? undefined : fromStoredText(row.key.slice(row.key.indexOf(':') + 1))
  return {
    id: String(row.seq),
    delivery: {
      event: JSON.parse(row.body),
      connection: lane.connection,
      subscription: lane.subscription,
      idempotencyKey: fromStoredText(row.delivery_id),
      attempt: row.attempt,
      receivedAt: row.received_at,
      firstAttemptAt: row.first_attempt_at,
      history: historyOf(row.history),
      ...(person !== undefined && { person }),
    },
    state: stateOf(row),
    ...(row.visible_at !== null && { dueAt: row.visible_at }),
  }
}

/** What waits in a store in PostgreSQL. */
export function createPostgresWaiting({ postgres, s, lanes, tell }: PostgresCore): WaitingDeliveries {
  const list: WaitingDeliveries['list'] = async (filter, { limit = 100, after } = {}) => {
    const later =
      after === undefined ? undefined : ({ column: 'seq', comparison: '>', value: after } as const)
    const { sql, values } = conditionsOf(filter, await lanes.all(), later)
    const rows = await postgres.query<Row>(
      `SELECT j.*, e.body, ${s}.now_ms() AS now
       FROM (SELECT * FROM ${s}.job WHERE ${sql} ORDER BY seq LIMIT ${Math.min(limit + 1, 1e6)}) j
       JOIN ${s}.event e ON e.id = j.event ORDER BY j.seq`,
      values,
    )
    const known = await lanes.byIds(rows.map((row) => row.lane))
    const deliveries = rows.slice(0, limit).map((row) => waitingOf(row, known.get(row.lane) as PostgresLane))
    return { deliveries, ...(rows.length > limit && { next: deliveries.at(-1)?.id ?? '' }) }
  }
  return {
    list,
    async setAside(id) {
      if (!/^[1-9]\d{0,17}$/.test(id)) return false
      const [found] = (await list({}, { after: String(BigInt(id) - 1n), limit: 1 })).deliveries
      if (found === undefined || found.id !== id) return false
      // A lease of its own ends the one that is out; the rest is an ordinary settlement.
      const token = Math.floor(Math.random() * 2 ** 47)
      const outcome = JSON.stringify(setAsideOutcome(found.delivery))
      const settled = await postgres.transaction(async (query) => {
        const rows = await query(`UPDATE ${s}.job SET lease = $2 WHERE seq = $1 RETURNING seq`, [id, token])
        if (rows.length === 0) return []
        return query(`SELECT ${s}.settle($1,$2,$3,$4,$5,$6,$7,$8) AS seq`, [
          ...[[id], [token], [2], [0], [false], [null], [setAsideReason], [outcome]],
        ])
      })
      tell()
      return settled.length > 0
    },
  }
}
