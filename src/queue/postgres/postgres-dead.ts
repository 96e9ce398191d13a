import { QueueError } from '../../errors'
import type { Outcome } from '../../outcome'
import type { DeadFilter, DeadLetter, DeadLetters } from '../queue'
import { fromStoredText } from '../stored-text'
import { conditionsOf } from './conditions'
import type { Postgres } from './connect'
import { historyOf, type PostgresCore } from './postgres-core'
import type { PostgresLane } from './postgres-lanes'

type Row = {
  id: number
  lane: number
  delivery_id: string
  key: string | null
  received_at: number
  first_attempt_at: number
  attempt: number
  history: string | null
  reason: string
  outcome: string
  died_at: number
  body: string
}

function letterOf(row: Row, lane: PostgresLane): DeadLetter {
  const person = row.key === null ? undefined : fromStoredText(row.key.slice(row.key.indexOf(':') + 1))
  return {
    id: String(row.id),
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
    reason: fromStoredText(row.reason),
    outcome: JSON.parse(row.outcome) as Outcome,
    diedAt: row.died_at,
  }
}

/** Dead letters of a store in PostgreSQL. */
export function createPostgresDead({ postgres, s, lanes, tell }: PostgresCore): DeadLetters {
  const { query, transaction } = postgres
  const takeOut = (where: string) =>
    `d AS (DELETE FROM ${s}.dead WHERE ${where} RETURNING *),
     g AS (SELECT lane, reason, count(*) n FROM d GROUP BY 1, 2),
     c AS (UPDATE ${s}.dead_count x SET count = x.count - g.n FROM g WHERE x.lane = g.lane AND x.reason = g.reason)`

  function refuseOther(found: number, expected: number | undefined): void {
    if (expected !== undefined && found !== expected)
      throw new QueueError(
        'DEAD_LETTERS_CHANGED',
        `there are ${found} dead letters now, not ${expected}; nothing was changed. Count them again.`,
      )
  }

  async function change(
    filter: DeadFilter,
    expected: number | undefined,
    work: (query: Postgres['query'], where: string, values: unknown[]) => Promise<number>,
  ): Promise<number> {
    const { sql, values } = conditionsOf(filter, await lanes.all())
    const changed = await transaction(async (within) => {
      await within(`SELECT ${s}.be_durable()`)
      const count = await work(within, sql, values)
      refuseOther(count, expected)
      return count
    })
    tell()
    return changed
  }

  return {
    async list(filter, { limit = 100, after } = {}) {
      const older =
        after === undefined ? undefined : ({ column: 'id', comparison: '<', value: after } as const)
      const all = await lanes.all()
      const { sql, values } = conditionsOf(filter, all, older)
      const rows = await query<Row>(
        `SELECT d.*, e.body FROM (SELECT * FROM ${s}.dead WHERE ${sql} ORDER BY id DESC LIMIT ${Math.min(limit + 1, 1e6)}) d
         JOIN ${s}.event e ON e.id = d.event ORDER BY d.id DESC`,
        values,
      )
      const known = await lanes.byIds(rows.map((row) => row.lane))
      const letters = rows.slice(0, limit).map((row) => letterOf(row, known.get(row.lane) as PostgresLane))
      return { letters, ...(rows.length > limit && { next: letters.at(-1)?.id ?? '' }) }
    },
    async count(filter) {
      const { sql, values } = conditionsOf(filter, await lanes.all())
      const [row] = await query<{ count: number }>(
        `SELECT count(*) AS count FROM ${s}.dead WHERE ${sql}`,
        values,
      )
      return row?.count ?? 0
    },
    async reasons() {
      const rows = await query<{ lane: number; reason: string; count: number }>(
        `SELECT lane, reason, count FROM ${s}.dead_count WHERE count > 0`,
      )
      const known = await lanes.byIds(rows.map((row) => row.lane))
      return rows.map(({ lane, reason, count }) => {
        const { connection, subscription } = known.get(lane) as PostgresLane
        return { connection, subscription, reason: fromStoredText(reason), count }
      })
    },
    replay: (filter, { expected } = {}) =>
      change(filter, expected, async (within, where, values) => {
        await within(
          `SELECT ${s}.lock_keys(ARRAY(SELECT DISTINCT key FROM ${s}.dead WHERE ${where} AND key IS NOT NULL))`,
          values,
        )
        const rows = await within<{ count: number }>(
          `WITH ${takeOut(where)},
           j AS (INSERT INTO ${s}.job (event, lane, delivery_id, message_id, key, visible_at, not_before, received_at,
               first_attempt_at, attempt, unknown, history)
             SELECT event, lane, delivery_id, message_id, key,
               CASE WHEN key IS NULL OR (row_number() OVER (PARTITION BY key ORDER BY id) = 1
                 AND NOT EXISTS (SELECT 1 FROM ${s}.job x WHERE x.key = d.key)) THEN t.now END,
               t.now, received_at, 0, 0, unknown, history FROM d, (SELECT ${s}.now_ms() now) t ORDER BY id RETURNING 1)
           SELECT count(*) AS count FROM j`,
          values,
        )
        return rows[0]?.count ?? 0
      }),
    drop: (filter, { expected } = {}) =>
      change(filter, expected, async (within, where, values) => {
        const rows = await within<{ events: string[] | null }>(
          `WITH ${takeOut(where)} SELECT array_agg(event::text) AS events FROM d`,
          values,
        )
        const events = rows[0]?.events ?? []
        await within(`SELECT ${s}.drop_references($1)`, [events])
        return events.length
      }),
  }
}
