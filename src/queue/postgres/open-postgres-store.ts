import { QueueError } from '../../errors'
import type { LaneStats, Queue } from '../queue'
import type { Store } from '../store'
import { fromStoredText, toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { createWake } from '../wake'
import { checkServer } from './check-server'
import { createClaim } from './claim'
import { connect } from './connect'
import { startMaintenance } from './maintenance'
import { checkSchema, migrate } from './migrate'
import { createNotifications } from './notifications'
import { type PostgresCore, readLease } from './postgres-core'
import { createPostgresDead } from './postgres-dead'
import { createPostgresLanes } from './postgres-lanes'
import type { PostgresOptions } from './postgres-options'
import { createPostgresState, createPostgresTokens } from './postgres-state'
import { createPostgresWaiting } from './postgres-waiting'
import { createPut } from './put'
import { quoted } from './schema'
import { createSettle } from './settle'

const hour = 3_600_000

export type PostgresStoreOptions = PostgresOptions & {
  /** Default `waybill`. */
  readonly schema?: string
  /** Makes the schema or brings it up to date. False: it has to be there, of this version. Default true. */
  readonly migrate?: boolean
  /** How long at least the ids of deliveries are remembered, in milliseconds; the same for all processes. Default: 4 hours. */
  readonly dedupeMs?: number
  /** How long dead letters are kept, in milliseconds. Default: 30 days. */
  readonly deadMs?: number
}

/**
 * Opens a store in PostgreSQL 14 or later, which any number of processes share. Needs the package `pg`.
 * @throws QueueError QUEUE_UNAVAILABLE, QUEUE_VERSION; QUEUE_NOT_DURABLE where the server may lose what it acknowledged.
 */
export async function openPostgresStore(options: PostgresStoreOptions = {}): Promise<Store> {
  const { schema = 'waybill', dedupeMs = 4 * hour, deadMs = 30 * 24 * hour } = options
  const postgres = connect(options)
  try {
    const durability = await checkServer(postgres)
    if (options.migrate === false) await checkSchema(postgres, schema)
    else await migrate(postgres, schema)
    const s = quoted(schema)
    const wake = createWake()
    const notifications = createNotifications(options, schema, wake)
    const lanes = createPostgresLanes(postgres, s)
    const core: PostgresCore = { postgres, s, lanes, wake, tell: notifications.tell, dedupeMs }
    const maintenance = startMaintenance(core, deadMs)
    const queue = createPostgresQueue(core, durability, async () => {
      maintenance.stop()
      await notifications.close()
      await postgres.close()
    })
    const waiting = createPostgresWaiting(core)
    return {
      queue,
      waiting,
      state: createPostgresState(core),
      tokens: createPostgresTokens(core),
      async journey(messageId) {
        const all = { limit: 10_000 }
        const [{ deliveries }, { letters }] = await Promise.all([
          waiting.list({ messageId }, all),
          queue.dead.list({ messageId }, all),
        ])
        return { waiting: deliveries, dead: letters, ended: [] }
      },
      close: () => queue.close(),
    }
  } catch (error) {
    await postgres.close()
    throw error
  }
}

/** Makes the schema of a store or brings it up to date, without opening it. */
export async function migratePostgresStore(options: PostgresStoreOptions = {}): Promise<void> {
  const postgres = connect(options)
  try {
    await checkServer(postgres)
    await migrate(postgres, options.schema ?? 'waybill')
  } finally {
    await postgres.close()
  }
}

function createPostgresQueue(
  core: PostgresCore,
  durability: Queue['durability'],
  end: () => Promise<void>,
): Queue {
  const { postgres, s, wake, tell } = core
  const { query } = postgres
  const put = createPut(core)
  const claim = createClaim(core, () => isClosed)
  const settle = createSettle(core)
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  /** Refuses when closed, and lets `close` wait for what has begun. */
  async function during<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw new QueueError('QUEUE_CLOSED', 'the queue is closed')
    const promise = work()
    underWay.add(promise)
    try {
      return await promise
    } finally {
      underWay.delete(promise)
    }
  }

  return {
    durability,
    dead: createPostgresDead(core),
    stats: () => during(() => readStats(core)),
    put: (deliveries, options) => during(() => put(deliveries, options)),
    claim: (options) => during(() => claim(options)),
    settle: (items) => during(() => settle(items)),
    extend: (leases, leaseMs) =>
      during(async () => {
        const ours = leases.flatMap((lease) => readLease(lease) ?? [])
        const rows = await query<{ seq: number; lease: number }>(
          `UPDATE ${s}.job j SET visible_at = ${s}.now_ms() + $3 FROM unnest($1::bigint[], $2::bigint[]) t(seq, lease)
           WHERE j.seq = t.seq AND j.lease = t.lease RETURNING j.seq, j.lease`,
          [ours.map(({ seq }) => seq), ours.map(({ token }) => token), timeAfter(0, leaseMs)],
        )
        const extended = new Set(rows.map(({ seq, lease }) => `${seq}.${lease}`))
        return leases.filter((lease) => extended.has(lease))
      }),
    hold: ({ connection, subscription }, until, because) =>
      during(async () => {
        const scope = [
          toStoredText(connection),
          subscription === undefined ? null : toStoredText(subscription),
        ]
        await postgres.transaction(async (within) => {
          const isWhole = subscription === undefined && until === 'released'
          await within(
            `DELETE FROM ${s}.hold WHERE connection = $1 AND ($3 OR subscription IS NOT DISTINCT FROM $2)`,
            [...scope, isWhole],
          )
          if (until !== 'released')
            await within(`INSERT INTO ${s}.hold VALUES ($1, $2, ${s}.now_ms() + $3, $4)`, [
              ...[
                ...scope,
                Math.round(until - Date.now()),
                because === undefined ? null : toStoredText(because),
              ],
            ])
        })
        tell()
      }),
    async close() {
      if (isClosed) return
      isClosed = true
      wake.wake()
      await Promise.allSettled([...underWay])
      await end()
    },
  }
}

async function readStats({ postgres: { query }, s, lanes }: PostgresCore): Promise<LaneStats[]> {
  const rows = await query<
    Record<'lane' | 'ready' | 'waiting' | 'leased', number> & { oldest: number | null }
  >(
    `WITH t AS (SELECT ${s}.now_ms() AS now)
     SELECT lane, count(*) FILTER (WHERE visible_at <= t.now) AS ready,
       count(*) FILTER (WHERE visible_at IS NULL OR (visible_at > t.now AND lease IS NULL)) AS waiting,
       count(*) FILTER (WHERE visible_at > t.now AND lease IS NOT NULL) AS leased, min(received_at) AS oldest
     FROM ${s}.job, t GROUP BY lane`,
  )
  const dead = await query<{ lane: number; dead: number }>(
    `SELECT lane, sum(count)::bigint AS dead FROM ${s}.dead_count GROUP BY lane`,
  )
  const holds = await query<{
    connection: string
    subscription: string | null
    until: number
    because: string | null
  }>(`SELECT * FROM ${s}.hold WHERE until > ${s}.now_ms() ORDER BY until DESC`)
  const counts = new Map(rows.map((row) => [row.lane, row]))
  const deads = new Map(dead.map((row) => [row.lane, row.dead]))
  return (await lanes.all()).map(({ id, connection, subscription }) => {
    const { ready = 0, waiting = 0, leased = 0, oldest = null } = counts.get(id) ?? {}
    const held = holds.find(
      (hold) =>
        fromStoredText(hold.connection) === connection &&
        (hold.subscription === null || fromStoredText(hold.subscription) === subscription),
    )
    return {
      ...{ connection, subscription, ready, waiting, leased, dead: deads.get(id) ?? 0 },
      ...(oldest !== null && { oldestReceivedAt: oldest }),
      ...(held !== undefined && { heldUntil: held.until }),
      ...(held !== undefined && held.because !== null && { heldBecause: fromStoredText(held.because) }),
    }
  })
}
