const { requireEqual } = require('../equality')
const { forEachMapping } = require('../for-each-mapping')
const { compare, eachOf } = require('../measure')

const targets = { small: 25, medium: 50, large: 25 }

/** Mapping, emptiness, coercion and validation. */
module.exports = {
  name: 'payload',
  title: 'Mapping, emptiness, coercion, validation',
  unit: 'events/s',
  run: (budget) =>
    forEachMapping('payload', budget, ({ size, label, inputs, ours, theirs }) => {
      requireEqual(label, inputs, ours.prepare, theirs.prepare)
      return compare(
        label,
        { waybill: eachOf(inputs, ours.prepare), reference: eachOf(inputs, theirs.prepare) },
        { reference: { label: 'transform + clean + validate', target: targets[size] } },
        budget,
      )
    }),
}
