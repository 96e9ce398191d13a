const { poster, withIngestServers } = require('../ingest-servers')
const { sideBySide } = require('../measure')

const inFlight = 200

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/** How long a client waits until its one event is on disk. */
module.exports = {
  name: 'ingest-latency',
  title: `From a request with one event to its reply, ${inFlight} in flight`,
  needsBuild: true,
  run: (budget) =>
    withIngestServers(['durable', 'memory'], async (servers) => {
      const rows = []
      for (const [kind, label] of [
        ['durable', 'stored in SQLite'],
        ['memory', 'the same server without a store'],
      ]) {
        const times = []
        const { post, close } = poster(servers[kind].url, inFlight, 1, times)
        const run = sideBySide([undefined], post, inFlight)
        await run(performance.now() + budget.networkMs)
        times.length = 0
        for (let round = 0; round < budget.rounds; round++) await run(performance.now() + budget.networkMs)
        times.sort((one, other) => one - other)
        for (const [name, share] of [
          ['median', 0.5],
          ['p99', 0.99],
        ])
          rows.push({ name: `${label}: ${name}`, value: at(times, share), unit: 'ms' })
        await close()
      }
      return rows
    }),
}
