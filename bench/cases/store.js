const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { openSqliteStore } = require('waybill/queue/sqlite')
const { openBareStore } = require('../data/bare-store')
const { deliveries, putting, settleAll } = require('../data/deliveries')
const { compare } = require('../measure')

async function throughput(folder, budget) {
  const store = await openSqliteStore({ file: join(folder, 'store.db'), reserveBytes: 0 })
  await (await openSqliteStore({ file: join(folder, 'bare.db'), reserveBytes: 0 })).close()
  const bare = openBareStore(join(folder, 'bare.db'))
  const against = { bare: { label: 'bare libsql, the same statements', target: 0.8 } }
  const rows = []
  for (const size of [1, 10, 100])
    rows.push(
      ...(await compare(
        `put, ${size} at once`,
        {
          waybill: putting((group) => store.queue.put(group), size),
          bare: putting((group) => bare.put(group), size),
        },
        against,
        budget,
      )),
    )

  const stock = Math.max(200, Math.min(20_000, budget.storeWaiting / 10))
  for (let put = 0; put < stock; put += 200) {
    await store.queue.put(deliveries(200))
    bare.put(deliveries(200))
  }
  // What was settled is put again, outside of the time that counts: each round begins with work.
  const working = (take, put) => async (endsAt) => {
    let done = 0
    do {
      const count = await take()
      if (count === 0) await put(deliveries(200))
      done += count
    } while (performance.now() < endsAt)
    return Math.max(1, done)
  }
  const claimAndSettle = async () => {
    const claims = await store.queue.claim({ max: 100, leaseMs: 60_000, signal: AbortSignal.timeout(1) })
    await settleAll(store.queue, claims)
    return claims.length
  }
  rows.push(
    ...(await compare(
      'claim and settle, 100 at once',
      {
        waybill: working(claimAndSettle, (group) => store.queue.put(group)),
        bare: working(
          () => bare.claimAndSettle(100),
          (group) => bare.put(group),
        ),
      },
      against,
      budget,
    )),
  )
  await store.close()
  bare.close()
  return rows
}

/** The store in one SQLite file, beside the binding that it is built on. */
module.exports = {
  name: 'store',
  title: 'The store in one SQLite file, bodies of 1 kB',
  unit: 'deliveries/s',
  needsBuild: true,
  async run(budget) {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-store-'))
    try {
      return await throughput(folder, budget)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
