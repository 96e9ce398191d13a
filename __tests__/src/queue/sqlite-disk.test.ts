import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'
import type { Delivery } from 'waybill/queue'
import { openSqliteStore } from 'waybill/queue/sqlite'
import { createLoopMount, type LoopMount } from '../../support/loop-mount'

let mounted: LoopMount | undefined
beforeAll(() => {
  mounted = createLoopMount(60)
  if (mounted === undefined)
    console.log('skipped: a full disk and a power cut need root and loop devices, which are not here')
})
afterAll(() => mounted?.remove())

const delivery = (key: string): Delivery => ({
  event: { type: 'track', messageId: key, properties: { text: randomBytes(1500).toString('base64') } },
  ...{ connection: 'shop', subscription: 'orders', idempotencyKey: key, attempt: 0 },
  ...{ receivedAt: 1, firstAttemptAt: 0, history: [] },
})

test('on a full disk puts are refused, what waits is delivered and settled, and puts are taken when there is room', async () => {
  if (mounted === undefined) return
  const file = join(mounted.folder, 'full.db')
  const ballast = join(mounted.folder, 'ballast')
  const store = await openSqliteStore({ file, reserveBytes: 8 * 1024 * 1024 })
  try {
    writeFileSync(ballast, randomBytes(20 * 1024 * 1024))
    const accepted: string[] = []
    let code: unknown
    for (let group = 0; code === undefined && group < 1000; group++) {
      const put = Array.from({ length: 20 }, (_, index) => delivery(`${group}-${index}`))
      try {
        await store.queue.put(put)
        accepted.push(...put.map(({ idempotencyKey }) => idempotencyKey))
      } catch (error) {
        code = (error as { code?: unknown }).code
      }
    }
    expect(code).toBe('QUEUE_FULL')
    expect(accepted.length).toBeGreaterThan(1000)
    await expect(store.queue.put([delivery('refused')])).rejects.toMatchObject({ code: 'QUEUE_FULL' })

    const found: string[] = []
    const half = accepted.length / 2
    while (found.length < half) {
      const claims = await store.queue.claim({ max: 50, leaseMs: 60_000, signal: AbortSignal.timeout(5000) })
      const { late } = await store.queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))
      expect(late).toEqual([])
      found.push(...claims.map((one) => one.delivery.idempotencyKey))
    }

    rmSync(ballast)
    const deadline = Date.now() + 20_000
    let isTaken = false
    while (!isTaken && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      isTaken = await store.queue.put([delivery('after')]).then(
        () => true,
        () => false,
      )
    }
    expect(isTaken).toBe(true)
    while (found.length < accepted.length) {
      const claims = await store.queue.claim({ max: 100, leaseMs: 60_000, signal: AbortSignal.timeout(5000) })
      if (claims.length === 0) break
      await store.queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))
      found.push(...claims.map((one) => one.delivery.idempotencyKey))
    }
    expect(accepted.filter((key) => !found.includes(key))).toEqual([])
  } finally {
    await store.close()
  }
}, 120_000)

const writer = `
const { writeSync } = require('node:fs')
const { openSqliteStore } = require('waybill/queue/sqlite')
const rest = { connection: 'a', subscription: 'b', attempt: 0, receivedAt: 1, firstAttemptAt: 0, history: [] }
openSqliteStore({ file: process.argv[1], reserveBytes: 0 }).then(async ({ queue }) => {
  for (let last = 0; ; last += 10) {
    await queue.put(Array.from({ length: 10 }, (_, index) => (
      { ...rest, idempotencyKey: String(last + index), event: { text: 'x'.repeat(900) } })))
    writeSync(1, last + 10 + '\\n')
    const claims = await queue.claim({ max: 3, leaseMs: 60000 })
    await queue.settle(claims.map(({ lease }) => ({ lease, kind: 'again', afterMs: 9e6, unknown: false,
      record: { attempt: 1, at: '', kind: 'retry' } })))
  }
})`

const rounds = Number(process.env.WAYBILL_POWER_CUTS ?? 3)
test(`nothing whose put has resolved is lost in ${rounds} power cuts`, async () => {
  if (mounted === undefined) return
  for (let round = 0; round < rounds; round++) {
    const name = `power-${round}.db`
    const child: ChildProcess = spawn(
      process.execPath,
      [
        '--conditions=waybill-source',
        '-r',
        join(__dirname, '../../support/register-typescript.js'),
        '-e',
        writer,
        join(mounted.folder, name),
      ],
      { cwd: join(__dirname, '../../..'), stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const deadline = Date.now() + 30_000
    while (output.split('\n').length < 5 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 500))
    child.kill('SIGSTOP')
    const cut = mounted.cutPower()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const acknowledged = Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
    child.kill('SIGKILL')
    await ended
    try {
      const database = new Libsql(join(cut.folder, name))
      const [[count]] = database.prepare('SELECT count(*) FROM job').raw().all([]) as [[number]]
      expect(acknowledged).toBeGreaterThan(0)
      expect(count).toBeGreaterThanOrEqual(acknowledged)
      expect(database.prepare('PRAGMA integrity_check').raw().all([])).toEqual([['ok']])
      database.close()
    } finally {
      cut.remove()
      for (const end of ['', '-wal', '-shm']) rmSync(join(mounted.folder, name + end), { force: true })
    }
  }
}, 300_000)
