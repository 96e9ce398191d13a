import { Client } from 'pg'
import type { Queue } from 'waybill/queue'
import { openPostgresStore } from 'waybill/queue/postgres'
import { testQueue } from 'waybill/testing'
import { startPostgres, type TestPostgres } from '../../support/start-postgres'

let postgres: TestPostgres
let admin: Client
beforeAll(async () => {
  postgres = await startPostgres()
  admin = new Client({ connectionString: postgres.url })
  await admin.connect()
}, 120_000)
afterAll(async () => {
  await admin?.end()
  await postgres?.stop()
}, 60_000)

const schemas = new WeakMap<Queue, string>()
let created = 0

testQueue({
  name: 'PostgreSQL',
  quietMs: 300,
  async create() {
    created += 1
    const schema = `contract ${process.pid} ${created}`
    const { queue } = await openPostgresStore({ url: postgres.url, schema, maxConnections: 4 })
    schemas.set(queue, schema)
    return queue
  },
  async another(queue) {
    const schema = schemas.get(queue) ?? ''
    return (await openPostgresStore({ url: postgres.url, schema, maxConnections: 4 })).queue
  },
  // The clock of the store is the function now_ms of its schema.
  async clock(queue, ms) {
    const schema = `"${schemas.get(queue)}"`
    const [{ source }] = (
      await admin.query(`SELECT prosrc AS source FROM pg_proc WHERE oid = '${schema}.now_ms'::regproc`)
    ).rows as [{ source: string }]
    await admin.query(
      `CREATE OR REPLACE FUNCTION ${schema}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $f$ ${source} + ${Math.round(ms)} $f$`,
    )
  },
  async destroy(queue) {
    await admin.query(`DROP SCHEMA "${schemas.get(queue)}" CASCADE`)
  },
  differences: {
    'goes on when the clock is set back by an hour':
      'the clock is that of the database server, which keeps it in step',
  },
})
