import { QueueError } from '../../errors'
import type { DeadFilter, DeadLetters } from '../queue'
import type { SqlRow } from './database'
import { createDeadReader } from './read-dead'
import type { SqliteCore } from './sqlite-core'
import { pause } from './windows'

/** How many dead letters one commit takes, so that none stops the process for long. */
const chunkSize = 500

type Change = (ids: readonly number[]) => number

/** Statements that take dead letters out; each runs in a commit of its own, on the disk when it is done. */
export function createDeadChanges(core: SqliteCore) {
  const { puts, clock, lanes, nextSeq, dueAt, wake } = core
  const takeOut = puts.sql(
    `DELETE FROM dead WHERE id IN (SELECT value FROM json_each(?))
     RETURNING id, event, lane, delivery_id, message_id, key, received_at, history, unknown, reason`,
  )
  const discount = puts.sql('UPDATE dead_count SET count = count - ? WHERE lane = ? AND reason = ?')
  const insert = puts.sql(
    `INSERT INTO job (seq, event, lane, delivery_id, message_id, key, visible_at, not_before, received_at,
       first_attempt_at, attempt, unknown, history)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN EXISTS (SELECT 1 FROM job WHERE key = ?6) THEN NULL ELSE ?7 END, ?7, ?8,
       0, 0, ?9, ?10)`,
  )
  const dropReference = puts.sql('UPDATE event SET refs = refs - 1 WHERE id = ?')
  const dropUnreferenced = puts.sql('DELETE FROM event WHERE id = ? AND refs <= 0')

  function take(ids: readonly number[]): SqlRow[] {
    const rows = takeOut.all(JSON.stringify(ids)).sort((a, b) => Number(a[0]) - Number(b[0]))
    const counts = new Map<string, { lane: number; reason: string; count: number }>()
    for (const row of rows) {
      const [lane, reason] = [Number(row[2]), String(row[9])]
      const name = `${lane}:${reason}`
      counts.set(name, { lane, reason, count: (counts.get(name)?.count ?? 0) + 1 })
    }
    for (const { lane, reason, count } of counts.values()) discount.run(count, lane, reason)
    return rows
  }

  const replay: Change = (ids) =>
    puts.transaction(() => {
      const now = clock.now()
      const rows = take(ids)
      for (const [, event, lane, deliveryId, messageId, key, receivedAt, history, unknown] of rows) {
        const values = [event, lane, deliveryId, messageId, key, now, receivedAt, unknown, history]
        insert.run(nextSeq(), ...values.map((value) => value ?? null))
        dueAt(lanes.byId(Number(lane)), now)
      }
      return rows.length
    })

  const drop: Change = (ids) =>
    puts.transaction(() => {
      const rows = take(ids)
      for (const [, event] of rows) {
        dropReference.run(Number(event))
        dropUnreferenced.run(Number(event))
      }
      return rows.length
    })

  async function inChunks(ids: readonly number[], change: Change): Promise<number> {
    let changed = 0
    for (let start = 0; start < ids.length; start += chunkSize) {
      changed += change(ids.slice(start, start + chunkSize))
      wake.wake()
      await pause()
    }
    return changed
  }
  return { replay, drop, inChunks }
}

/** Dead letters of an owned store. */
export function createSqliteDead(core: SqliteCore, refuseWhenClosed: () => void): DeadLetters {
  const reader = createDeadReader(core.works, core.lanes)
  const { replay, drop, inChunks } = createDeadChanges(core)

  async function change(filter: DeadFilter, expected: number | undefined, how: Change): Promise<number> {
    refuseWhenClosed()
    // What dies from here on is not meant: it was not there to be counted.
    const ids = await reader.ids(filter)
    if (expected !== undefined && ids.length !== expected)
      throw new QueueError(
        'DEAD_LETTERS_CHANGED',
        `there are ${ids.length} dead letters now, not ${expected}; nothing was changed. Count them again.`,
      )
    return inChunks(ids, how)
  }

  return {
    list: reader.list,
    count: reader.count,
    reasons: reader.reasons,
    replay: (filter, { expected } = {}) => change(filter, expected, replay),
    drop: (filter, { expected } = {}) => change(filter, expected, drop),
  }
}
