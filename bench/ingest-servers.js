const { fork } = require('node:child_process')
const { once } = require('node:events')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { Pool } = require('undici')
const { mixed } = require('./data/events')

const headers = { 'content-type': 'application/json' }

async function startServer(kind, folder) {
  const child = fork(join(__dirname, 'children', 'serve-ingest.js'), [kind, join(folder, 'bench.db')])
  const port = await Promise.race([
    once(child, 'message').then(([message]) => message),
    once(child, 'exit').then(() => Promise.reject(new Error(`the server "${kind}" ended at once`))),
  ])
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

/** Posts bodies whose message ids are made anew each time, as those of an SDK are. */
function poster(url, inFlight, eventsPerRequest, times) {
  const pool = new Pool(url, { connections: inFlight, pipelining: 1 })
  let next = 0
  const event = () => {
    const number = next++
    return { ...mixed[number % mixed.length], messageId: `bench-${process.pid}-${number}` }
  }
  return {
    async post() {
      const batch = Array.from({ length: eventsPerRequest }, event)
      const startedAt = performance.now()
      const { statusCode, body } = await pool.request({
        path: '/v1/batch',
        method: 'POST',
        headers,
        body: JSON.stringify({ batch, writeKey: 'bench' }),
      })
      await body.dump()
      times?.push(performance.now() - startedAt)
      if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`)
    },
    close: () => pool.close(),
  }
}

/** Runs something beside servers of these kinds, and stops them. */
async function withIngestServers(kinds, run) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-ingest-'))
  const servers = {}
  try {
    for (const kind of kinds) servers[kind] = await startServer(kind, folder)
    return await run(servers)
  } finally {
    for (const { stop } of Object.values(servers)) stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { poster, withIngestServers }
