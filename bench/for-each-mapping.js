const { events } = require('./data/events')
const { mappings } = require('./data/mappings')
const { referencePayload } = require('./reference')
const { compilePayload } = require('./waybill-compiled')

/**
 * Runs `measureOne` for each size of mapping and each kind of event, with what waybill and the reference make of the
 * mapping, and joins its rows. `name` sets the schemas of one case apart from those of another in the reference.
 */
async function forEachMapping(name, { sizes, kinds }, measureOne) {
  const rows = []
  for (const size of sizes) {
    const ours = compilePayload(mappings[size])
    const theirs = referencePayload(mappings[size], `${name}-${size}`)
    for (const kind of kinds) {
      const label = `${size} mapping, ${kind}`
      rows.push(...(await measureOne({ size, label, inputs: events[kind], ours, theirs })))
    }
  }
  return rows
}

module.exports = { forEachMapping }
