import { QueueError } from '../../errors'
import type { Durability } from '../queue'
import type { Postgres } from './connect'

/**
 * Asks the server what it promises.
 * @throws QueueError QUEUE_NOT_DURABLE where it may lose what it acknowledged, QUEUE_VERSION before PostgreSQL 14,
 * QUEUE_UNAVAILABLE for a standby.
 */
export async function checkServer({ query }: Postgres): Promise<Durability> {
  const [server] = await query<Record<string, string | number | boolean>>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes, pg_is_in_recovery() AS standby,
       current_setting('synchronous_standby_names') AS names,
       (SELECT count(*)::int FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) AS synchronous`,
  )
  if (server === undefined) throw new QueueError('QUEUE_UNAVAILABLE', 'the database says nothing of itself')
  if (Number(server.version) < 140_000)
    throw new QueueError('QUEUE_VERSION', `PostgreSQL 14 or later is needed; this is ${server.version}`)
  if (server.standby)
    throw new QueueError('QUEUE_UNAVAILABLE', 'this server is a standby; connect to the primary')
  for (const setting of ['fsync', 'full_page_writes'] as const)
    if (server[setting] === 'off')
      throw new QueueError(
        'QUEUE_NOT_DURABLE',
        `the server runs with ${setting} = off: a power cut would lose acknowledged events. Set it to on and restart the server.`,
      )
  const hasStandby = server.names !== '' && Number(server.synchronous) > 0
  return { kill: true, power: true, machineLoss: hasStandby, settle: 'lazy' }
}
