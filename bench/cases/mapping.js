const { events, kinds } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqual } = require('../equality')
const { compare, eachOf } = require('../measure')
const { referencePayload } = require('../reference')
const { compilePayload } = require('../waybill-compiled')

/** The mapping alone. */
module.exports = {
  name: 'mapping',
  title: 'Mapping',
  unit: 'events/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes) {
      const { map } = compilePayload(mappings[size])
      const { map: referenceMap } = referencePayload(mappings[size], `map-${size}`)
      for (const kind of kinds) {
        requireEqual(`${size} mapping of ${kind}`, events[kind], map, referenceMap)
        rows.push(
          ...(await compare(
            `${size} mapping, ${kind}`,
            { waybill: eachOf(events[kind], map), reference: eachOf(events[kind], referenceMap) },
            { reference: { label: 'transform', ...(size === 'medium' && { target: 60 }) } },
            budget,
          )),
        )
      }
    }
    return rows
  },
}
