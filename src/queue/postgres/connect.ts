import type { Pool, QueryResultRow } from 'pg'
import { QueueError } from '../../errors'
import type { PostgresOptions } from './postgres-options'

/** Statements over a pool, repeated while the database is away. */
export type Postgres = {
  /** Rows; a bigint is a number. */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>
  /** All of it or nothing, on one connection. */
  transaction<T>(work: (query: Postgres['query']) => Promise<T>): Promise<T>
  readonly pool: Pool
  close(): Promise<void>
}

/** Loads `pg`, which stands in no default install. */
export function loadPg(): typeof import('pg') {
  try {
    return require('pg') as typeof import('pg')
  } catch (cause) {
    throw new QueueError('QUEUE_UNAVAILABLE', 'a store in PostgreSQL needs the package pg: npm install pg', {
      cause,
    })
  }
}

const bigintType = 20

/** Passing: the connection, a restart, a deadlock. The same statement may be repeated. */
const isPassing = ({ code = '', message = '' }: { code?: string; message?: string }): boolean =>
  /^(08|57P0|40001|40P01|53300|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|25006)/.test(code) ||
  /terminat|timeout exceeded|Connection ended|not queryable|starting up|shutting down/i.test(message)

function queueError(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  if (code === '53100' || code === '53200')
    return new QueueError('QUEUE_FULL', `the database has no room: ${message}`, { cause: error })
  if (isPassing(error as Error) || /^(28|3D|42501)/.test(code) || code === 'ENOTFOUND')
    return new QueueError('QUEUE_UNAVAILABLE', `the database cannot be used: ${message}`, { cause: error })
  return error
}

export function connect({ url, tls, maxConnections = 8, patienceMs = 30_000 }: PostgresOptions): Postgres {
  const { Pool, types } = loadPg()
  const pool = new Pool({
    ...(url !== undefined && { connectionString: url }),
    ...(tls !== undefined && { ssl: tls }),
    max: maxConnections,
    connectionTimeoutMillis: 5000,
    query_timeout: 60_000,
    application_name: 'waybill',
    types: {
      getTypeParser: ((oid: number, format: 'text') =>
        oid === bigintType ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  })
  // Without a listener the process would end when the database ends an idle connection, that is at each restart.
  pool.on('error', () => undefined)
  let isClosed = false

  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (isClosed || !isPassing(error as Error) || performance.now() > deadline) throw queueError(error)
        await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 70))
      }
    }
  }

  return {
    pool,
    query: (text, values = []) => patiently(async () => (await pool.query(text, [...values])).rows),
    transaction: (work) =>
      patiently(async () => {
        const client = await pool.connect()
        try {
          await client.query('BEGIN')
          const result = await work(async (text, values = []) => (await client.query(text, [...values])).rows)
          await client.query('COMMIT')
          client.release()
          return result
        } catch (error) {
          const isBack = await client.query('ROLLBACK').then(
            () => true,
            () => false,
          )
          client.release(!isBack)
          throw error
        }
      }),
    async close() {
      isClosed = true
      await pool.end()
    },
  }
}
