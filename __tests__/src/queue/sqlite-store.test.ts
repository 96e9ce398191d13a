import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import type { Claimed, Delivery, Store } from 'waybill/queue'
import { openSqliteReader, openSqliteStore, type SqliteStoreOptions } from 'waybill/queue/sqlite'
import { openDatabase } from '../../../src/queue/sqlite/database'
import { migrations } from '../../../src/queue/sqlite/schema'

const folder = mkdtempSync(join(tmpdir(), 'waybill-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let file: string
let files = 0
const opened: Store[] = []
beforeEach(() => {
  files += 1
  file = join(folder, `${files}.db`)
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function open(options: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ file, reserveBytes: 0, ...options })
  opened.push(store)
  return store
}

const delivery = (key: string, properties: Partial<Delivery> = {}): Delivery => ({
  event: { type: 'track', messageId: `m-${key}`, properties: { key } },
  connection: 'shop',
  subscription: 'orders',
  idempotencyKey: key,
  attempt: 0,
  receivedAt: 1,
  firstAttemptAt: 0,
  history: [],
  ...properties,
})
const claim = ({ queue }: Store, max = 100): Promise<readonly Claimed[]> =>
  queue.claim({ max, leaseMs: 60_000, signal: AbortSignal.timeout(50) })
const keys = (claims: readonly Claimed[]) => claims.map((one) => one.delivery.idempotencyKey)
const rows = (sql: string): unknown[] => {
  const database = new Libsql(file)
  try {
    return database.prepare(sql).raw().all([]) as unknown[]
  } finally {
    database.close()
  }
}
const bury = ({ queue }: Store, claims: readonly Claimed[], reason = 'HTTP_400') =>
  queue.settle(
    claims.map((one) => ({
      lease: one.lease,
      kind: 'dead' as const,
      reason,
      outcome: {
        ...{ kind: 'rejected' as const, index: 0, connection: 'shop', attempt: 1, durationMs: 1 },
        ...{ owner: 'event' as const, code: reason, message: 'refused' },
      },
    })),
  )

test('everything is there when the store is opened again', async () => {
  const first = await open()
  await first.queue.put([
    delivery('dead'),
    delivery('waits', { person: 'ada' }),
    delivery('behind', { person: 'ada' }),
  ])
  await bury(first, await claim(first, 1))
  await first.state.set('run', '42')
  await first.queue.hold({ connection: 'other' }, Date.now() + 60_000, 'asked')
  await first.close()

  const second = await open()
  expect((await second.queue.dead.list({})).letters.map((one) => one.delivery.idempotencyKey)).toEqual([
    'dead',
  ])
  expect(await second.state.get('run')).toBe('42')
  await second.queue.put([delivery('held', { connection: 'other' })])
  expect(keys(await claim(second))).toEqual(['waits'])
  expect(await second.queue.stats()).toMatchObject([
    { connection: 'shop', leased: 1, waiting: 1, dead: 1 },
    { connection: 'other', ready: 1, heldBecause: 'asked' },
  ])
  expect((await second.queue.put([delivery('dead'), delivery('waits')])).duplicates).toEqual([
    'dead',
    'waits',
  ])
})

test('what an earlier process had in hand is due at once, marked as perhaps done', async () => {
  const first = await open()
  await first.queue.put([delivery('in hand'), delivery('released')])
  const claims = await claim(first)
  const released = claims.find((one) => one.delivery.idempotencyKey === 'released')
  await first.queue.settle([{ lease: released?.lease ?? '', kind: 'release' }])
  await first.close()
  const again = await claim(await open())
  expect(again.map((one) => [one.delivery.idempotencyKey, one.maybeDone, one.delivery.attempt])).toEqual([
    ['in hand', true, 1],
    ['released', false, 0],
  ])
})

test('one process owns the file, and another is told which', async () => {
  const store = await open()
  await store.queue.put([delivery('1')])
  await expect(openSqliteStore({ file })).rejects.toMatchObject({
    code: 'QUEUE_IN_USE',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  // Another process, and one that is killed: its lock ends with it.
  const script = `require(${JSON.stringify(require.resolve('libsql'))});
    const Libsql = require(${JSON.stringify(require.resolve('libsql'))});
    const lock = new Libsql(process.argv[1] + '-lock');
    try { lock.exec('BEGIN EXCLUSIVE'); console.log('owned'); setInterval(() => {}, 1000) } catch (error) { console.log(error.code) }`
  expect(execFileSync(process.execPath, ['-e', script, file], { timeout: 20_000 }).toString().trim()).toBe(
    'SQLITE_BUSY',
  )
  await store.close()
  const child = spawn(process.execPath, ['-e', script, file])
  const ended = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: 'QUEUE_IN_USE' })
  child.kill('SIGKILL')
  await ended
  expect(keys(await claim(await open()))).toEqual(['1'])
})

test('a reader sees the store beside its owner, and cannot write', async () => {
  const store = await open()
  await store.queue.put([
    delivery('dead'),
    delivery('waits', { person: 'ada' }),
    delivery('behind', { person: 'ada' }),
  ])
  await bury(store, await claim(store, 1))
  await store.queue.hold({ connection: 'shop' }, Date.now() + 60_000, 'credentials refused')
  const reader = await openSqliteReader({ file })
  expect(await reader.stats()).toMatchObject([
    { ready: 1, waiting: 1, leased: 0, dead: 1, heldBecause: 'credentials refused' },
  ])
  expect(await reader.dead.reasons()).toEqual([
    { connection: 'shop', subscription: 'orders', reason: 'HTTP_400', count: 1 },
  ])
  expect((await reader.waiting.list({ person: 'ada' })).deliveries.map(({ state }) => state)).toEqual([
    'ready',
    'behind',
  ])
  expect((await reader.journey('m-dead')).dead).toHaveLength(1)
  await store.queue.put([delivery('later', { connection: 'new' })])
  expect((await reader.waiting.list({ connection: 'new' })).deliveries).toHaveLength(1)
  await reader.close()
  await expect(openSqliteReader({ file: `${file}-missing` })).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
  })
})

test('the files are for their owner alone', async () => {
  file = join(folder, 'inner', 'private.db')
  const store = await open({ reserveBytes: 1024 })
  await store.queue.put([delivery('1')])
  const modes = readdirSync(join(folder, 'inner')).map(
    (name) => statSync(join(folder, 'inner', name)).mode & 0o077,
  )
  expect(modes.length).toBeGreaterThan(3)
  expect(new Set(modes)).toEqual(new Set([0]))
  expect(statSync(join(folder, 'inner')).mode & 0o077).toBe(0)
})

test('a file of an older version is brought up to date with what is in it', async () => {
  const old = new Libsql(file)
  old.exec(`PRAGMA auto_vacuum = INCREMENTAL; ${migrations[0]}
    PRAGMA application_id = ${0x77617962}; PRAGMA user_version = 1;
    INSERT INTO connection VALUES (1, 'shop'); INSERT INTO lane VALUES (1, 1, 'orders');
    INSERT INTO event VALUES (7, 1, '{"messageId":"m"}');
    INSERT INTO job VALUES (9, 7, 1, 'old', 'm', NULL, 5, 5, 5, 0, 0, NULL, 0, NULL)`)
  old.close()
  const store = await open({ endedMs: 1000 })
  await store.queue.put([delivery('new')])
  const claims = await claim(store)
  expect(keys(claims)).toEqual(['old', 'new'])
  await store.queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))
  expect((await store.journey('m')).ended).toMatchObject([
    { idempotencyKey: 'old', attempts: 1, connection: 'shop' },
  ])
  expect(rows('PRAGMA user_version')).toEqual([[migrations.length]])
})

test('a file of a newer version is refused by owner and reader, and not touched', async () => {
  await (await open()).close()
  new Libsql(file).exec('PRAGMA user_version = 99')
  const refusal = { code: 'QUEUE_VERSION', message: expect.stringContaining('version 99') }
  await expect(openSqliteStore({ file })).rejects.toMatchObject(refusal)
  await expect(openSqliteReader({ file })).rejects.toMatchObject(refusal)
  expect(rows('PRAGMA user_version')).toEqual([[99]])
})

test('what is no store is refused and not touched', async () => {
  new Libsql(file).exec('CREATE TABLE customers (id INTEGER)')
  await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  await expect(openSqliteReader({ file })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  expect(rows('SELECT name FROM sqlite_master')).toEqual([['customers']])
  const text = join(folder, 'text.db')
  writeFileSync(text, 'orders of today\n'.repeat(500))
  await expect(openSqliteStore({ file: text })).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining(text),
  })
  await expect(openSqliteStore({ file: join(text, 'store.db') })).rejects.toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
  })
})

test('an event for three subscriptions is one body, and gone when the last of them has ended or was dropped', async () => {
  const store = await open()
  const { event } = delivery('1')
  const of = (subscription: string) => delivery(`1-${subscription}`, { event, subscription })
  await store.queue.put(['a', 'b', 'c'].map(of))
  expect(rows('SELECT refs FROM event')).toEqual([[3]])
  const claims = await claim(store)
  await store.queue.settle([{ lease: claims[0]?.lease ?? '', kind: 'done' }])
  await bury(store, claims.slice(1))
  expect(rows('SELECT refs FROM event')).toEqual([[2]])
  await store.queue.dead.replay({ subscription: 'b' })
  const again = await claim(store)
  expect(again.map((one) => one.delivery.event)).toEqual([event])
  await store.queue.settle(again.map(({ lease }) => ({ lease, kind: 'done' })))
  await store.queue.dead.drop({})
  expect(rows('SELECT refs FROM event')).toEqual([])
})

test('ids are forgotten after their time, dead letters after theirs', async () => {
  let now = 1_700_000_000_000
  const store = await open({ now: () => now, dedupeMs: 1000, deadMs: 60_000 })
  await store.queue.put([delivery('1')])
  await bury(store, await claim(store))
  now += 1000
  expect((await store.queue.put([delivery('1')])).duplicates).toEqual(['1'])
  now += 2000
  expect((await store.queue.put([delivery('1')])).duplicates).toEqual([])
  now += 60_000
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect([await store.queue.dead.count({}), await store.queue.dead.reasons()]).toEqual([0, []])
  expect(rows('SELECT count(*) FROM seen')).toEqual([[0]])
})

test('state is set, replaced where it is as expected, listed and deleted', async () => {
  const { state } = await open()
  await Promise.all([state.set('token/a', '1'), state.set('token/b', 'x\0\ud800'), state.set('run', '3')])
  expect([await state.get('token/b'), await state.get('none')]).toEqual(['x\0\ud800', undefined])
  expect(await state.keys('token/')).toEqual(['token/a', 'token/b'])
  expect([await state.replace('run', '2', '4'), await state.replace('run', '3', '4')]).toEqual([false, true])
  expect([await state.replace('new', undefined, '1'), await state.replace('new', undefined, '2')]).toEqual([
    true,
    false,
  ])
  await state.delete('run')
  expect(await state.get('run')).toBeUndefined()
})

test('the first of a person is set aside, and the next goes on', async () => {
  const store = await open()
  await store.queue.put([delivery('1', { person: 'ada' }), delivery('2', { person: 'ada' })])
  const claims = await claim(store)
  const [first] = (await store.waiting.list({ person: 'ada' })).deliveries
  expect(first).toMatchObject({ state: 'leased', delivery: { idempotencyKey: '1' } })
  expect(await store.waiting.setAside(first?.id ?? '')).toBe(true)
  expect(await store.waiting.setAside(first?.id ?? '')).toBe(false)
  expect(await store.waiting.setAside('nonsense')).toBe(false)
  expect(keys(await claim(store))).toEqual(['2'])
  expect((await store.queue.settle([{ lease: claims[0]?.lease ?? '', kind: 'done' }])).late).toHaveLength(1)
  expect((await store.queue.dead.list({})).letters).toMatchObject([
    { reason: 'SET_ASIDE', delivery: { idempotencyKey: '1' } },
  ])
})

test('one delivery that cannot be stored harms no other put of the same tick', async () => {
  const { queue } = await open()
  const circle: Record<string, unknown> = { type: 'track' }
  circle.itself = circle
  const results = await Promise.allSettled([
    queue.put([delivery('good')]),
    queue.put([delivery('bigint', { event: { n: 1n } })]),
    queue.put([delivery('circle', { event: circle })]),
    queue.put([delivery('number', { receivedAt: Number.NaN })]),
    queue.put([delivery('person', { person: 7 as unknown as string })]),
    queue.put([delivery('good too')]),
  ])
  expect(results.map((one) => (one.status === 'rejected' ? one.reason.code : 'taken'))).toEqual([
    'taken',
    ...Array.from({ length: 4 }, () => 'INVALID_DELIVERY'),
    'taken',
  ])
})

test.each([
  ['a boolean', true],
  ['a date', new Date(0)],
  ['an object', {}],
  ['a list', []],
  ['a buffer', Buffer.from('x')],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['2^60', 2 ** 60],
  ['a bigint', 1n],
  ['a text with NUL', 'a\0b'],
  ['a symbol', Symbol('x')],
  ['a function', () => 1],
])('the binding is never given %s, at which it would end the process or keep something else', (_, value) => {
  const database = openDatabase(file)
  database.exec('CREATE TABLE kept (value)')
  const statement = database.sql('INSERT INTO kept VALUES (?)')
  expect(() => statement.run(value as string)).toThrow(TypeError)
  expect(() => statement.all(value as string)).toThrow(TypeError)
  expect(() => statement.run()).toThrow('takes 1 values, not 0')
  expect(() => statement.run(1, 2)).toThrow('takes 1 values, not 2')
  expect(database.sql('SELECT count(*) FROM kept').all()).toEqual([[0]])
  database.close()
})
