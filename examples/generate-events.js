/**
 * Writes examples/events.ndjson.gz: a few thousand events of a web shop, always the same ones.
 * Build the package first, then: node examples/generate-events.js
 */
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { gzipSync } = require('node:zlib')
const { createEventStream, createSampleEvents } = require('waybill/testing')

const count = 4000

/**
 * What the stream does not hold: an email event that the Spec does not know, and the calls of Engage about somebody
 * who leaves an audience.
 */
function rareEvents() {
  const samples = createSampleEvents({ seed: 'fernhollow', start: '2026-01-12T08:00:00.000Z' })
  const key = 'big_spenders'
  return [
    samples.identify(),
    samples.track('Email Sent', { properties: samples.track('Email Delivered').properties }),
    samples.computedTrait({ call: 'track' }),
    ...[true, false].flatMap((entered) => [
      samples.audience({ key, entered, call: 'track' }),
      samples.audience({ key, entered, call: 'identify' }),
    ]),
  ]
}

/** The example events as NDJSON. */
function exampleEvents() {
  const rare = rareEvents()
  const stream = createEventStream({
    seed: 'fernhollow',
    users: 60,
    count: count - rare.length,
    start: '2026-01-05T08:00:00.000Z',
  })
  return [...stream, ...rare].map((event) => `${JSON.stringify(event)}\n`).join('')
}

module.exports = { exampleEvents }

if (require.main === module)
  writeFileSync(join(__dirname, 'events.ndjson.gz'), gzipSync(exampleEvents(), { level: 9 }))
