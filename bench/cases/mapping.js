const { requireEqual } = require('../equality')
const { forEachMapping } = require('../for-each-mapping')
const { compare, eachOf } = require('../measure')

/** The mapping alone. */
module.exports = {
  name: 'mapping',
  title: 'Mapping',
  unit: 'events/s',
  run: (budget) =>
    forEachMapping('mapping', budget, ({ size, label, inputs, ours, theirs }) => {
      requireEqual(label, inputs, ours.map, theirs.map)
      return compare(
        label,
        { waybill: eachOf(inputs, ours.map), reference: eachOf(inputs, theirs.map) },
        { reference: { label: 'transform', ...(size === 'medium' && { target: 60 }) } },
        budget,
      )
    }),
}
