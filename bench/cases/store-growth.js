const { existsSync, mkdtempSync, rmSync, statSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { openSqliteStore } = require('waybill/queue/sqlite')
const { deliveries, settleAll } = require('../data/deliveries')

const hour = 3_600_000
const bytes = (file) => (existsSync(file) ? statSync(file).size : 0)

/** So many wait, then all are delivered: memory, the size of the files, and how long the event loop stood still. */
async function growth(folder, count) {
  const file = join(folder, 'growth.db')
  const store = await openSqliteStore({ file, reserveBytes: 0, dedupeMs: hour })
  const loop = monitorEventLoopDelay({ resolution: 1 })
  let wal = 0
  let memory = 0
  const look = () => {
    wal = Math.max(wal, bytes(`${file}-wal`))
    memory = Math.max(memory, process.memoryUsage().rss)
  }
  loop.enable()
  for (let put = 0; put < count; put += 100) {
    await store.queue.put(deliveries(100))
    if (put % 10_000 === 0) {
      look()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await store.queue.stats()
  look()
  const peak = bytes(file)
  for (let left = count; left > 0; ) {
    const claims = await store.queue.claim({ max: 100, leaseMs: 60_000 })
    await settleAll(store.queue, claims)
    left -= claims.length
    if (left % 10_000 === 0) look()
  }
  loop.disable()
  const after = bytes(file)
  await store.close()
  const many = count.toLocaleString('en-US')
  return [
    { name: `${many} waiting, memory at most`, value: memory / 1e6, unit: 'MB', limit: 150 },
    { name: `${many} put and drained, file after / at its peak`, value: after / peak, unit: 'x', limit: 1.2 },
    { name: 'write-ahead log at most', value: wal / 2 ** 20, unit: 'MiB', limit: 64 },
    { name: 'event loop stood still at most', value: loop.max / 1e6, unit: 'ms', limit: 50 },
    { name: 'event loop stood still, p99', value: loop.percentile(99) / 1e6, unit: 'ms', limit: 10 },
  ]
}

/** What the store in one SQLite file takes while very much waits. */
module.exports = {
  name: 'store-growth',
  title: 'The store in one SQLite file: memory, files, and how long it stops the process',
  needsBuild: true,
  async run(budget) {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-store-'))
    try {
      return await growth(folder, budget.storeWaiting)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
