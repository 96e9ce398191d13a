const { fork } = require('node:child_process')
const { join } = require('node:path')
const { createRuntime, MultiStatusResponse } = require('waybill')
const { postingDestination, postingSettings } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')

/** Rounds of the measurement of latency, by hand: each event arrives on its own. */
const perTick = 4
const tickMs = 5

/** A healthy connection beside three dead ones: what it loses, and whether anything else is lost. */
module.exports = {
  name: 'isolation',
  title:
    'A healthy connection beside one that fails, one that stalls and one that asks for an hour, as a multiple of alone',
  async run(budget) {
    const vendors = fork(join(__dirname, '../children/isolation-vendors.js'))
    try {
      const urls = await new Promise((resolve) => vendors.once('message', resolve))
      const dead = [urls.fails, urls.stalls, urls.asksForAnHour]
      const count = budget.isolationEvents
      await deliver(urls.healthy, [], Math.min(count, 2_000), false)
      const alone = await deliver(urls.healthy, [], count, false)
      const beside = await deliver(urls.healthy, dead, count, false)
      const paced = Math.ceil(count / 5)
      const aloneInTime = await deliver(urls.healthy, [], paced, true)
      const besideInTime = await deliver(urls.healthy, dead, paced, true)
      const of = count.toLocaleString('en-US')
      return [
        { name: `time for ${of} events`, value: beside.ms / alone.ms, unit: 'x', limit: 1.11 },
        {
          name: 'p99 from arrival to outcome',
          value: besideInTime.p99 / aloneInTime.p99,
          unit: 'x',
          limit: 1.1,
        },
        { name: 'p99 alone', value: aloneInTime.p99, unit: 'ms' },
        { name: 'p99 beside them', value: besideInTime.p99, unit: 'ms' },
        { name: 'growth of memory over the second half', value: beside.grown, unit: 'MB', limit: 20 },
      ]
    } finally {
      vendors.disconnect()
    }
  },
}

const rss = () => process.memoryUsage().rss / 1e6

/** Streams events until the healthy connection has all, and requires that every other delivery has ended, too. */
async function deliver(healthy, dead, count, isPaced) {
  const { mapping } = mappings.small
  const stop = new AbortController()
  const arrivals = new Map()
  const latencies = []
  const outcomes = new Map()
  let half = 0
  const runtime = createRuntime({
    connections: [healthy, ...dead].map((url, index) => ({
      name: index === 0 ? 'healthy' : `dead ${index}`,
      destination: postingDestination(mappings.small, MultiStatusResponse),
      settings: postingSettings(url),
      subscriptions: [{ action: 'send', filter: filters.order, mapping, batch: false }],
    })),
    retry: { forMs: 4 * 3_600_000 },
    on: {
      outcome({ connection, kind, messageId }) {
        outcomes.set(connection, (outcomes.get(connection) ?? 0) + 1)
        if (connection !== 'healthy') return
        if (kind !== 'delivered') throw new RangeError(`not delivered: ${kind}`)
        latencies.push(performance.now() - arrivals.get(messageId))
        arrivals.delete(messageId)
        if (latencies.length === Math.floor(count / 2)) half = rss()
        if (latencies.length === count) stop.abort()
      },
    },
  })
  const source = async function* () {
    for (let index = 0; index < count; index += perTick) {
      if (isPaced) await new Promise((resolve) => setTimeout(resolve, tickMs))
      const batch = Array.from({ length: Math.min(perTick, count - index) }, (_, at) => ({
        ...events.order[(index + at) % events.order.length],
        messageId: `m${index + at}`,
      }))
      for (const { messageId } of batch) arrivals.set(messageId, performance.now())
      yield batch
    }
  }
  const startedAt = performance.now()
  const running = runtime.stream(source(), { signal: stop.signal })
  await new Promise((resolve, reject) => {
    stop.signal.addEventListener('abort', resolve)
    running.catch(reject)
  })
  const ms = performance.now() - startedAt
  const grown = rss() - half
  await runtime.close({ withinMs: 0 })
  const totals = await running
  if (totals.events !== count) throw new RangeError(`${totals.events} of ${count} events were taken`)
  for (const { name } of runtime.connections)
    if (outcomes.get(name) !== count)
      throw new RangeError(`${name}: ${outcomes.get(name)} outcomes for ${count} deliveries`)
  latencies.sort((one, other) => one - other)
  return { ms, grown, p99: latencies[Math.floor(latencies.length * 0.99)] }
}
