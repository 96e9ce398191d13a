const Libsql = require('libsql')

/** libsql with the statements of the SQLite store and nothing around them: the most that the store could reach. */
function openBareStore(file) {
  const settings = (synchronous) =>
    `PRAGMA busy_timeout = 200; PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = -16000`
  const puts = new Libsql(file)
  puts.exec(settings('FULL'))
  const works = new Libsql(file)
  works.exec(settings('NORMAL'))
  const see = puts.prepare('INSERT INTO seen (turn, id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const insertEvent = puts.prepare('INSERT INTO event (id, refs, body) VALUES (?, ?, ?)')
  const insertJob = puts.prepare(
    `INSERT INTO job (seq, event, lane, delivery_id, message_id, visible_at, not_before, received_at, first_attempt_at,
       attempt, unknown, history)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, 0, ?10)`,
  )
  const take = works
    .prepare(
      `UPDATE job SET visible_at = ?1, lease = ?2, attempt = attempt + 1, unknown = (unknown OR lease IS NOT NULL),
         first_attempt_at = CASE WHEN attempt = 0 THEN ?3 ELSE first_attempt_at END
       WHERE seq IN (SELECT seq FROM job WHERE lane = ?4 AND visible_at <= ?3 ORDER BY visible_at, seq LIMIT ?5)
       RETURNING seq, event, delivery_id, key, received_at, first_attempt_at, attempt, unknown, history`,
    )
    .raw()
  const read = works
    .prepare('SELECT id, refs, body FROM event WHERE id IN (SELECT value FROM json_each(?))')
    .raw()
  const end = works.prepare('DELETE FROM job WHERE seq IN (SELECT value FROM json_each(?))')
  const drop = works.prepare('DELETE FROM event WHERE id IN (SELECT value FROM json_each(?))')
  let last = 0
  let token = 0
  return {
    put(deliveries) {
      const now = Date.now()
      puts.exec('BEGIN IMMEDIATE')
      for (const { idempotencyKey, event } of deliveries) {
        last += 1
        see.run([1, `1:${idempotencyKey}`])
        insertEvent.run([last, 1, JSON.stringify(event)])
        insertJob.run([last, last, 1, idempotencyKey, event.messageId, now, now, 0, 0, null])
      }
      puts.exec('COMMIT')
    },
    /** How many there were. */
    claimAndSettle(max) {
      const now = Date.now()
      token += 1
      works.exec('BEGIN IMMEDIATE')
      const rows = take.all([now + 60_000, token, now, 1, max])
      const events = JSON.stringify(rows.map((row) => row[1]))
      for (const [, , body] of read.all([events])) JSON.parse(body)
      works.exec('COMMIT')
      works.exec('BEGIN IMMEDIATE')
      end.run([JSON.stringify(rows.map((row) => row[0]))])
      drop.run([events])
      works.exec('COMMIT')
      return rows.length
    },
    close() {
      puts.close()
      works.close()
    },
  }
}

module.exports = { openBareStore }
