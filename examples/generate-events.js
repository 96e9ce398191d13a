/**
 * Writes examples/events.ndjson.gz: a few thousand events of a web shop, always the same ones.
 * Build the package first, then: node examples/generate-events.js
 */
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { gzipSync } = require('node:zlib')
const { createEventStream } = require('waybill/testing')

/** The example events as NDJSON. */
function exampleEvents() {
  const events = createEventStream({
    seed: 'fernhollow',
    users: 60,
    count: 4000,
    start: '2026-01-05T08:00:00.000Z',
  })
  return [...events].map((event) => `${JSON.stringify(event)}\n`).join('')
}

module.exports = { exampleEvents }

if (require.main === module)
  writeFileSync(join(__dirname, 'events.ndjson.gz'), gzipSync(exampleEvents(), { level: 9 }))
