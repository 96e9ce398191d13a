/**
 * A server for the case `ingest`, in a process of its own: `serve-ingest.js durable|memory|bare [FILE]`. `durable` stores
 * each event in SQLite before it answers; `memory` is the same server without a store; `bare` reads and parses bodies.
 */
const { createServer } = require('node:http')
const { createIngest, ingestServerOptions } = require('waybill/ingest')

const [kind, file] = process.argv.slice(2)
const sources = [{ name: 'bench', writeKey: 'bench' }]

function bare(incoming, outgoing) {
  const chunks = []
  incoming.on('data', (chunk) => chunks.push(chunk))
  incoming.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString())
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 16 })
    outgoing.end('{"success":true}')
  })
}

/** One connection that wants every event; nothing is delivered, so that the store alone is measured. */
async function storing() {
  const { createRuntime, defineAction, defineDestination, defineSettings } = require('waybill')
  const { openSqliteStore } = require('waybill/queue/sqlite')
  const settings = defineSettings({})
  const take = defineAction({
    settings,
    title: 'Take',
    description: 'Takes it.',
    fields: {},
    perform: () => undefined,
  })
  const destination = defineDestination({
    name: 'Taker',
    slug: 'taker',
    settings,
    authentication: { scheme: 'custom' },
    actions: { take },
  })
  const runtime = createRuntime({
    connections: [
      { destination, settings: {}, subscriptions: [{ action: 'take', filter: 'type != "none"' }] },
    ],
  })
  const { queue } = await openSqliteStore({ file })
  return async (events) => {
    await runtime.put(queue, events, { eventName: ({ event }) => event.messageId })
  }
}

async function main() {
  const accept = kind === 'durable' ? await storing() : async () => undefined
  const handler = kind === 'bare' ? bare : createIngest({ sources, accept }).handler
  const server = createServer(ingestServerOptions, handler)
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

process.once('disconnect', () => process.exit())
main()
