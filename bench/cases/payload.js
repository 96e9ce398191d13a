const { events, kinds } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqual } = require('../equality')
const { compare, eachOf } = require('../measure')
const { referencePayload } = require('../reference')
const { compilePayload } = require('../waybill-compiled')

const targets = { small: 25, medium: 50, large: 25 }

/** Mapping, emptiness, coercion and validation. */
module.exports = {
  name: 'payload',
  title: 'Mapping, emptiness, coercion, validation',
  unit: 'events/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes) {
      const { prepare } = compilePayload(mappings[size])
      const { prepare: referencePrepare } = referencePayload(mappings[size], `payload-${size}`)
      for (const kind of kinds) {
        requireEqual(`${size} payload of ${kind}`, events[kind], prepare, referencePrepare)
        rows.push(
          ...(await compare(
            `${size} mapping, ${kind}`,
            { waybill: eachOf(events[kind], prepare), reference: eachOf(events[kind], referencePrepare) },
            { reference: { label: 'transform + clean + validate', target: targets[size] } },
            budget,
          )),
        )
      }
    }
    return rows
  },
}
