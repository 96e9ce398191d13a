import { QueueError } from '../../errors'
import type { Database } from './database'

/** "wayb": says to other programs whose file this is. */
const applicationId = 0x77617962

/**
 * What each version of the file adds to the one before. `visible_at` is due time, retry time and end of the lease at once;
 * null behind an earlier delivery of the same person. A `key` is a connection's number and a person.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE connection (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
   CREATE TABLE lane (
     id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, subscription TEXT NOT NULL,
     UNIQUE (connection, subscription));
   CREATE TABLE hold (connection TEXT NOT NULL, subscription TEXT, until INTEGER NOT NULL, because TEXT);
   CREATE TABLE event (id INTEGER PRIMARY KEY, refs INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE TABLE job (
     seq INTEGER PRIMARY KEY, event INTEGER NOT NULL, lane INTEGER NOT NULL, delivery_id TEXT NOT NULL,
     message_id TEXT, key TEXT, visible_at INTEGER, not_before INTEGER NOT NULL, received_at INTEGER NOT NULL,
     first_attempt_at INTEGER NOT NULL, attempt INTEGER NOT NULL, lease INTEGER, unknown INTEGER NOT NULL, history TEXT);
   CREATE INDEX job_ready ON job (lane, visible_at, seq) WHERE visible_at IS NOT NULL;
   CREATE INDEX job_key ON job (key, seq) WHERE key IS NOT NULL;
   CREATE INDEX job_message ON job (message_id) WHERE message_id IS NOT NULL;
   CREATE INDEX job_lease ON job (seq) WHERE lease IS NOT NULL;
   CREATE TABLE dead (
     id INTEGER PRIMARY KEY AUTOINCREMENT, event INTEGER NOT NULL, lane INTEGER NOT NULL, delivery_id TEXT NOT NULL,
     message_id TEXT, key TEXT, received_at INTEGER NOT NULL, first_attempt_at INTEGER NOT NULL, attempt INTEGER NOT NULL,
     history TEXT, unknown INTEGER NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL, died_at INTEGER NOT NULL);
   CREATE INDEX dead_key ON dead (key, id) WHERE key IS NOT NULL;
   CREATE INDEX dead_message ON dead (message_id) WHERE message_id IS NOT NULL;
   CREATE TABLE dead_count (
     lane INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (lane, reason)) WITHOUT ROWID;
   CREATE TABLE seen (turn INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (turn, id)) WITHOUT ROWID;
   CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE ended (
     id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, delivery_id TEXT NOT NULL, message_id TEXT NOT NULL,
     attempts INTEGER NOT NULL, ended_at INTEGER NOT NULL);
   CREATE INDEX ended_message ON ended (message_id);`,
]

const numberOf = (database: Database, pragma: string): number =>
  Number(database.sql(`PRAGMA ${pragma}`).all()[0]?.[0] ?? 0)

/**
 * Refuses what a reader must not read.
 * @throws QueueError QUEUE_VERSION for a file of another version, QUEUE_UNAVAILABLE for one that is no store.
 */
export function checkSchema(database: Database, file: string): number {
  const version = numberOf(database, 'user_version')
  const isForeign = numberOf(database, 'application_id') !== applicationId
  if (isForeign && (version > 0 || numberOf(database, 'schema_version') > 0))
    throw new QueueError(
      'QUEUE_UNAVAILABLE',
      `${file} is a database, but not a store of waybill; name another file`,
    )
  if (version > migrations.length)
    throw new QueueError(
      'QUEUE_VERSION',
      `${file} was written by a newer waybill (version ${version} of the file; this one knows ${migrations.length}). Update waybill, or name another file.`,
    )
  return version
}

/**
 * Brings a file to the present version, from an empty one on.
 * @throws QueueError QUEUE_VERSION, QUEUE_UNAVAILABLE
 */
export function migrate(database: Database, file: string): void {
  const version = checkSchema(database, file)
  // The first only takes effect before there is a table.
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
  database.sql('PRAGMA journal_mode = WAL').all()
  if (version === migrations.length) return
  database.transaction(() => {
    for (const migration of migrations.slice(version)) database.exec(migration)
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
  })
}
