import { QueueError } from '../../errors'
import type { Postgres } from './connect'
import { migrations, quoted } from './schema'

async function versionOf(query: Postgres['query'], schema: string): Promise<number> {
  const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${quoted(schema)}.version`,
  ])
  if (!found?.there) return 0
  const [row] = await query<{ version: number }>(
    `SELECT max(version) AS version FROM ${quoted(schema)}.version`,
  )
  return row?.version ?? 0
}

function refuseNewer(version: number, schema: string): void {
  if (version > migrations.length)
    throw new QueueError(
      'QUEUE_VERSION',
      `the schema ${schema} was written by a newer waybill (version ${version}; this one knows ${migrations.length}). Update waybill.`,
    )
}

/** @throws QueueError QUEUE_VERSION where the schema is not of this version. */
export async function checkSchema({ query }: Postgres, schema: string): Promise<void> {
  const version = await versionOf(query, schema)
  refuseNewer(version, schema)
  if (version < migrations.length)
    throw new QueueError(
      'QUEUE_VERSION',
      version === 0
        ? `there is no store in the schema ${schema}; make it with migratePostgresStore, or open it with migrate: true`
        : `the schema ${schema} is of version ${version}, and version ${migrations.length} is needed; bring it up to date with migratePostgresStore, or open it with migrate: true`,
    )
}

/**
 * Makes the schema or brings it up to date; processes that do so at once wait for one another.
 * @throws QueueError QUEUE_VERSION for a newer one.
 */
export const migrate = ({ transaction }: Postgres, schema: string): Promise<void> =>
  transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 20))', [`waybill ${schema}`])
    const version = await versionOf(query, schema)
    refuseNewer(version, schema)
    if (version === migrations.length) return
    const name = quoted(schema)
    if (version === 0)
      await query(
        `CREATE SCHEMA IF NOT EXISTS ${name};
         CREATE TABLE ${name}.version (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`,
      )
    for (const [index, migration] of migrations.entries())
      if (index >= version) {
        await query(migration(name))
        await query(`INSERT INTO ${name}.version (version) VALUES ($1)`, [index + 1])
      }
  })
