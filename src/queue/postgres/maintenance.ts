import type { PostgresCore } from './postgres-core'

const intervalMs = 10_000

/** Forgets what is too old; of several workers one does it at a time. */
export function startMaintenance(
  { postgres, s, dedupeMs }: PostgresCore,
  deadMs: number,
): { run(): Promise<void>; stop(): void } {
  async function run(): Promise<void> {
    try {
      await postgres.transaction(async (query) => {
        const [lock] = await query<{ ours: boolean }>(
          'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 21)) AS ours',
          [`waybill maintenance ${s}`],
        )
        if (!lock?.ours) return
        const [time] = await query<{ turn: number; last: string | null }>(
          `SELECT ${s}.now_ms() / $1 AS turn, (SELECT value FROM ${s}.state WHERE key = 'store.seen') AS last`,
          [dedupeMs],
        )
        const turn = time?.turn ?? 0
        if (time !== undefined && time.last !== String(turn)) {
          // This turn's and the last one's ids count; the third table is the next turn's.
          await query(`TRUNCATE ${s}.seen_${(turn + 1) % 3}`)
          await query(
            `INSERT INTO ${s}.state (key, value) VALUES ('store.seen', $1) ON CONFLICT (key) DO UPDATE SET value = $1`,
            [String(turn)],
          )
        }
        const rows = await query<{ events: string[] | null }>(
          `WITH d AS (DELETE FROM ${s}.dead WHERE id IN (
             SELECT id FROM ${s}.dead WHERE died_at < ${s}.now_ms() - $1 ORDER BY died_at LIMIT 1000) RETURNING *),
           g AS (SELECT lane, reason, count(*) n FROM d GROUP BY 1, 2),
           c AS (UPDATE ${s}.dead_count x SET count = x.count - g.n FROM g WHERE x.lane = g.lane AND x.reason = g.reason)
           SELECT array_agg(event::text) AS events FROM d`,
          [deadMs],
        )
        if (rows[0]?.events) await query(`SELECT ${s}.drop_references($1)`, [rows[0].events])
      })
    } catch {
      // The database is away; the next round tries again.
    }
  }
  const timer = setInterval(run, intervalMs)
  timer.unref()
  return { run, stop: () => clearInterval(timer) }
}
