import { Client } from 'pg'
import type { Delivery, Store } from 'waybill/queue'
import { migratePostgresStore, openPostgresStore, type PostgresStoreOptions } from 'waybill/queue/postgres'
import { startPostgres, type TestPostgres } from '../../support/start-postgres'

let postgres: TestPostgres
let schemas = 0
const opened: Store[] = []
beforeAll(async () => {
  postgres = await startPostgres()
}, 120_000)
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})
afterAll(() => postgres?.stop(), 60_000)

function newSchema(): string {
  schemas += 1
  return `store ${process.pid} ${schemas}`
}
async function open(schema: string, options: PostgresStoreOptions = {}): Promise<Store> {
  const store = await openPostgresStore({ url: postgres.url, schema, maxConnections: 4, ...options })
  opened.push(store)
  return store
}
async function sql(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
const delivery = (key: string, properties: Partial<Delivery> = {}): Delivery => ({
  event: { type: 'track', messageId: `m-${key}` },
  connection: 'shop',
  subscription: 'orders',
  idempotencyKey: key,
  attempt: 0,
  receivedAt: 1,
  firstAttemptAt: 0,
  history: [],
  ...properties,
})
const claim = ({ queue }: Store, max = 100, leaseMs = 60_000) =>
  queue.claim({ max, leaseMs, signal: AbortSignal.timeout(2000) })

test('it says what the server promises: a lost machine may lose acknowledged events without a synchronous standby', async () => {
  const { queue } = await open(newSchema())
  expect(queue.durability).toEqual({ kill: true, power: true, machineLoss: false, settle: 'lazy' })
})

test('a server that may lose what it acknowledged is refused', async () => {
  for (const setting of ['fsync', 'full_page_writes']) {
    const careless = await startPostgres([`${setting}=off`])
    try {
      await expect(openPostgresStore({ url: careless.url })).rejects.toMatchObject({
        code: 'QUEUE_NOT_DURABLE',
        message: expect.stringContaining(`${setting} = off`),
      })
    } finally {
      await careless.stop()
    }
  }
}, 120_000)

test('puts and claims are durable where the role is set to lazy commits', async () => {
  const schema = newSchema()
  await open(schema)
  const [put] = await sql(
    `SELECT prosrc LIKE '%be_durable%' AS durable FROM pg_proc WHERE oid = '"${schema}".put'::regproc`,
  )
  expect(put?.durable).toBe(true)
  const client = new Client({ connectionString: postgres.url, options: '-c synchronous_commit=off' })
  await client.connect()
  await client.query('BEGIN')
  await client.query(`SELECT "${schema}".be_durable()`)
  expect((await client.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }])
  await client.end()
})

test('many processes may make the schema at once; a missing, older or newer one is told', async () => {
  const schema = newSchema()
  await expect(open(schema, { migrate: false })).rejects.toMatchObject({
    code: 'QUEUE_VERSION',
    message: expect.stringContaining('there is no store'),
  })
  await Promise.all([1, 2, 3].map(() => migratePostgresStore({ url: postgres.url, schema })))
  const store = await open(schema, { migrate: false })
  await store.queue.put([delivery('1')])
  await sql(`INSERT INTO "${schema}".version (version) VALUES (99)`)
  for (const migrate of [true, false])
    await expect(open(schema, { migrate })).rejects.toMatchObject({
      code: 'QUEUE_VERSION',
      message: expect.stringContaining('version 99'),
    })
})

test('a server that cannot be reached is told within the patience, without the password', async () => {
  const url = postgres.url.replace('postgres:postgres@', 'postgres:s3cret@').replace(/:\d+\//, ':1/')
  const failure = await openPostgresStore({ url, patienceMs: 200 }).catch((error) => error)
  expect(failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  expect(String(failure)).not.toContain('s3cret')
})

test('a restart and a kill of the server are survived: puts are repeated, claims go on', async () => {
  const store = await open(newSchema())
  for (const end of ['restart', 'kill'] as const) {
    let isOver = false
    const accepted: string[] = []
    const producer = (async () => {
      for (let number = 0; !isOver; number++) {
        const key = `${end}-${number}`
        await store.queue.put([delivery(key)])
        accepted.push(key)
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await postgres[end]()
    await new Promise((resolve) => setTimeout(resolve, 500))
    isOver = true
    await producer
    const found = new Set<string>()
    while (found.size < accepted.length) {
      const claims = await claim(store, 500)
      if (claims.length === 0) break
      for (const { delivery: one } of claims) found.add(one.idempotencyKey)
      await store.queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))
    }
    expect(accepted.filter((key) => !found.has(key))).toEqual([])
    expect(accepted.length).toBeGreaterThan(5)
  }
}, 120_000)

test('four workers never claim the same, and each gets a share', async () => {
  const schema = newSchema()
  const workers = [await open(schema), await open(schema), await open(schema), await open(schema)]
  const total = 2000
  for (let start = 0; start < total; start += 200)
    await workers[0]?.queue.put(Array.from({ length: 200 }, (_, index) => delivery(String(start + index))))
  const counts = workers.map(() => 0)
  const seen = new Map<string, number>()
  await Promise.all(
    workers.map(async ({ queue }, worker) => {
      while (seen.size < total) {
        const claims = await queue.claim({ max: 20, leaseMs: 60_000, signal: AbortSignal.timeout(500) })
        for (const { delivery: one } of claims)
          seen.set(one.idempotencyKey, (seen.get(one.idempotencyKey) ?? 0) + 1)
        counts[worker] = (counts[worker] ?? 0) + claims.length
        await queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))
      }
    }),
  )
  expect([seen.size, Math.max(...seen.values())]).toEqual([total, 1])
  expect(Math.min(...counts)).toBeGreaterThan(0)
}, 60_000)

test('an event of three lanes that end at once leaves no body behind', async () => {
  const schema = newSchema()
  const workers = [await open(schema), await open(schema), await open(schema)]
  for (let round = 0; round < 10; round++) {
    const { event } = delivery(`shared-${round}`)
    const put = ['a', 'b', 'c'].map((subscription) => delivery(`${round}`, { event, subscription }))
    await workers[0]?.queue.put(put)
    const claims = await claim(workers[0] as Store)
    await Promise.all(
      claims.map(({ lease }, index) => workers[index % 3]?.queue.settle([{ lease, kind: 'done' }])),
    )
  }
  expect(await sql(`SELECT count(*)::int AS bodies FROM "${schema}".event`)).toEqual([{ bodies: 0 }])
})

test('holds, state and rates are seen by all', async () => {
  const schema = newSchema()
  const [first, second] = [await open(schema), await open(schema)]
  await first.queue.put([delivery('1')])
  await first.queue.hold({ connection: 'shop' }, Date.now() + 60_000, 'credentials refused')
  expect(await second.queue.claim({ max: 1, leaseMs: 1000, signal: AbortSignal.timeout(700) })).toEqual([])
  expect(await second.queue.stats()).toMatchObject([{ ready: 1, heldBecause: 'credentials refused' }])
  await first.state.set('token', 'a\0b')
  expect(await second.state.get('token')).toBe('a\0b')
  const renewed = await Promise.all([first, second].map(({ state }) => state.replace('token', 'a\0b', 'new')))
  expect(renewed.sort()).toEqual([false, true])
  expect(await first.state.keys('tok')).toEqual(['token'])
  const rate = { perSecond: 1, burst: 50 }
  const blocks = await Promise.all([first, second, first].map(({ tokens }) => tokens.take('key', 20, rate)))
  expect(blocks.map(({ granted }) => granted).sort()).toEqual([10, 20, 20])
  const empty = await second.tokens.take('key', 20, rate)
  expect(empty.granted).toBe(0)
  expect(empty.waitMs).toBeGreaterThan(0)
  expect(empty.waitMs).toBeLessThanOrEqual(1000)
})

test('what waits is listed, the first of a person is set aside, and an event tells its journey', async () => {
  const store = await open(newSchema())
  await store.queue.put([delivery('1', { person: 'ada' }), delivery('2', { person: 'ada' })])
  const claims = await claim(store)
  const { deliveries } = await store.waiting.list({ person: 'ada' })
  expect(deliveries.map(({ state }) => state)).toEqual(['leased', 'behind'])
  expect(await store.waiting.setAside(deliveries[0]?.id ?? '')).toBe(true)
  expect(await store.waiting.setAside('nonsense')).toBe(false)
  expect((await claim(store)).map(({ delivery: one }) => one.idempotencyKey)).toEqual(['2'])
  expect((await store.queue.settle([{ lease: claims[0]?.lease ?? '', kind: 'done' }])).late).toHaveLength(1)
  expect(await store.journey('m-1')).toMatchObject({ waiting: [], dead: [{ reason: 'SET_ASIDE' }] })
  expect(await store.journey('m-2')).toMatchObject({ waiting: [{ state: 'leased' }], dead: [] })
})
