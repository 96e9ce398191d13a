import { randomInt } from 'node:crypto'
import type { SegmentEvent } from '../../event'
import { createHolds } from '../holds'
import type { Claimed, ClaimOptions, Lane } from '../queue'
import { fromStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { historyOf, type PostgresCore } from './postgres-core'
import type { PostgresLane } from './postgres-lanes'

type Head = { head_lane: number; head_at: number; now: number }
type Row = {
  seq: number
  lane: number
  delivery_id: string
  key: string | null
  received_at: number
  first_attempt_at: number
  attempt: number
  unknown: boolean
  history: string | null
  until: number
  event: number
  body: string
}

/** A sleeping claim looks at least so often, should a notification be lost. */
const pollMs = 500

/** Gives due deliveries out; see `Queue.claim`. */
export function createClaim({ postgres: { query }, s, lanes, wake }: PostgresCore, isClosed: () => boolean) {
  const statement = `SELECT * FROM ${s}.claim($1,$2,$3,$4)`
  const holds = createHolds()
  let turn = 0
  /** When each lane was served last, so that all take turns. */
  const turns = new Map<number, number>()
  let heads: { rows: Head[]; readAt: number; freshMs: number } | undefined

  async function readHeads(): Promise<Head[]> {
    const start = performance.now()
    if (heads !== undefined && start - heads.readAt < heads.freshMs) return heads.rows
    const [rows, held] = await Promise.all([
      query<Head>(`SELECT * FROM ${s}.heads()`),
      query<{ connection: string; subscription: string | null; until: number }>(
        `SELECT connection, subscription, until FROM ${s}.hold`,
      ),
    ])
    holds.clear()
    for (const { connection, subscription, until } of held)
      holds.set(
        {
          connection: fromStoredText(connection),
          ...(subscription !== null && { subscription: fromStoredText(subscription) }),
        },
        until,
      )
    const took = performance.now() - start
    // Where there are very many lanes, one reading serves several claims.
    heads = { rows, readAt: performance.now(), freshMs: took > 20 ? 5 * took : 0 }
    return rows
  }

  function toClaimed(row: Row, lane: PostgresLane, token: number, event: SegmentEvent): Claimed {
    const attempt = row.attempt - 1
    const person = row.key === null ? undefined : fromStoredText(row.key.slice(row.key.indexOf(':') + 1))
    return {
      delivery: {
        event,
        connection: lane.connection,
        subscription: lane.subscription,
        idempotencyKey: fromStoredText(row.delivery_id),
        attempt,
        receivedAt: row.received_at,
        firstAttemptAt: attempt === 0 ? 0 : row.first_attempt_at,
        history: historyOf(row.history),
        ...(person !== undefined && { person }),
      },
      lease: `${row.seq}.${token}`,
      leaseUntil: row.until,
      maybeDone: row.unknown,
    }
  }

  async function take(due: readonly number[], { max, perLane, leaseMs }: ClaimOptions): Promise<Claimed[]> {
    const claimed: Claimed[] = []
    const known = await lanes.byIds(due)
    let hungry = [...due].sort((a, b) => (turns.get(a) ?? 0) - (turns.get(b) ?? 0))
    while (hungry.length > 0 && claimed.length < max) {
      const left = max - claimed.length
      const asked = hungry.slice(0, left)
      const fair = perLane ?? Math.max(1, Math.floor(left / asked.length))
      const extra = perLane === undefined ? left - fair * asked.length : 0
      const counts = asked.map((_, index) => Math.min(left, fair + (index < extra ? 1 : 0)))
      if (perLane !== undefined) fitInto(counts, left)
      const token = randomInt(2 ** 47)
      const rows = await query<Row>(statement, [asked, counts, timeAfter(0, leaseMs), token])
      const events = new Map<number, SegmentEvent>()
      const found = new Map<number, number>()
      turn += 1
      for (const row of rows.sort((a, b) => a.seq - b.seq)) {
        const event = events.get(row.event) ?? (JSON.parse(row.body) as SegmentEvent)
        events.set(row.event, event)
        found.set(row.lane, (found.get(row.lane) ?? 0) + 1)
        claimed.push(toClaimed(row, known.get(row.lane) as PostgresLane, token, event))
      }
      for (const lane of asked) turns.set(lane, turn)
      hungry = perLane === undefined ? asked.filter((lane, index) => found.get(lane) === counts[index]) : []
    }
    return claimed
  }

  return async (options: ClaimOptions): Promise<Claimed[]> => {
    const left = new Set(
      (options.heldLanes ?? []).map((lane: Lane) => JSON.stringify([lane.connection, lane.subscription])),
    )
    while (!options.signal?.aborted && !isClosed() && options.max > 0) {
      const wakes = wake.count()
      const rows = await readHeads()
      const known = await lanes.byIds(rows.map((head) => head.head_lane))
      const now = rows[0]?.now ?? 0
      const open = rows.filter((head) => {
        const lane = known.get(head.head_lane)
        return (
          lane !== undefined &&
          holds.of(lane, now) === undefined &&
          !left.has(JSON.stringify([lane.connection, lane.subscription]))
        )
      })
      const due = open.filter((head) => head.head_at <= now).map((head) => head.head_lane)
      if (due.length > 0 && !options.signal?.aborted) {
        const claimed = await take(due, options)
        heads = undefined
        if (claimed.length > 0) return claimed
      }
      const next = Math.min(...open.map((head) => head.head_at - now).filter((ms) => ms > 0))
      await wake.sleep(Math.max(2, Math.min(pollMs, next)), options.signal, wakes)
      heads = heads !== undefined && heads.freshMs > 0 ? heads : undefined
    }
    return []
  }
}

/** Takes from the last ones what is too much in all. */
function fitInto(counts: number[], most: number): void {
  let left = most
  counts.forEach((count, index) => {
    counts[index] = Math.min(count, left)
    left -= counts[index] ?? 0
  })
}
