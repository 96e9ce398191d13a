import type { State, Tokens } from '../store'
import { fromStoredText, toStoredText } from '../stored-text'
import type { PostgresCore } from './postgres-core'

/** State that all processes on the store share. */
export function createPostgresState({ postgres: { query }, s }: PostgresCore): State {
  return {
    async get(key) {
      const [row] = await query<{ value: string }>(`SELECT value FROM ${s}.state WHERE key = $1`, [
        toStoredText(key),
      ])
      return row === undefined ? undefined : fromStoredText(row.value)
    },
    async set(key, value) {
      await query(
        `INSERT INTO ${s}.state (key, value) SELECT $1, $2 FROM (SELECT ${s}.be_durable()) x
         ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        [toStoredText(key), toStoredText(value)],
      )
    },
    async replace(key, before, value) {
      const values = [toStoredText(key), toStoredText(value)]
      const rows =
        before === undefined
          ? await query(
              `INSERT INTO ${s}.state (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
              values,
            )
          : await query(`UPDATE ${s}.state SET value = $2 WHERE key = $1 AND value = $3 RETURNING 1`, [
              ...values,
              toStoredText(before),
            ])
      return rows.length > 0
    },
    async delete(key) {
      await query(`DELETE FROM ${s}.state WHERE key = $1`, [toStoredText(key)])
    },
    async keys(prefix) {
      const rows = await query<{ key: string }>(
        `SELECT key FROM ${s}.state WHERE key COLLATE "C" >= $1 ORDER BY key COLLATE "C"`,
        [toStoredText(prefix)],
      )
      return rows.map(({ key }) => fromStoredText(key)).filter((key) => key.startsWith(prefix))
    },
  }
}

/** Rates that all workers on the store share. */
export const createPostgresTokens = ({ postgres: { query }, s }: PostgresCore): Tokens => ({
  async take(bucket, count, { perSecond, burst }) {
    const [row] = await query<{ granted: number; tokens_left: number }>(
      `SELECT * FROM ${s}.take_tokens($1, $2, $3, $4)`,
      [toStoredText(bucket), count, perSecond, burst],
    )
    const { granted = 0, tokens_left: left = 0 } = row ?? {}
    return { granted, waitMs: granted > 0 ? 0 : Math.ceil(((1 - left) / perSecond) * 1000) }
  },
})
