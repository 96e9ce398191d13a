const { poster, withIngestServers } = require('../ingest-servers')
const { compare, sideBySide } = require('../measure')

const shapes = [
  { name: 'one event a request, 200 in flight', inFlight: 200, size: 1, target: 0.5 },
  { name: 'batches of 100, 8 in flight', inFlight: 8, size: 100, target: 0.7 },
]

/** The Tracking API, durable, beside the same server without a store and beside a server that only parses. */
module.exports = {
  name: 'ingest',
  title: 'Events taken in over HTTP, stored in SQLite before the reply',
  unit: 'events/s',
  needsBuild: true,
  run: (budget) =>
    withIngestServers(['durable', 'memory', 'bare'], async (servers) => {
      const rows = []
      for (const { name, inFlight, size, target } of shapes) {
        const posters = Object.fromEntries(
          Object.entries(servers).map(([kind, { url }]) => [kind, poster(url, inFlight, size)]),
        )
        const side = (kind) => sideBySide([undefined], () => posters[kind].post(), inFlight, size)
        rows.push(
          ...(await compare(
            name,
            { waybill: side('durable'), memory: side('memory'), bare: side('bare') },
            {
              memory: { label: 'the same server without a store', target },
              bare: { label: 'node:http that only parses', target },
            },
            { ...budget, roundMs: budget.networkMs },
          )),
        )
        for (const { close } of Object.values(posters)) await close()
      }
      return rows
    }),
}
