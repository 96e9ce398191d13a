const { requireEqual } = require('../equality')
const { forEachMapping } = require('../for-each-mapping')
const { compare, eachOf } = require('../measure')

/** From an event to the JSON body of a request; beside the reference, `JSON.parse` of the event is the yardstick. */
module.exports = {
  name: 'json-body',
  title: 'Event to JSON body',
  unit: 'events/s',
  run: (budget) =>
    forEachMapping('json-body', budget, ({ size, label, inputs, ours, theirs }) => {
      const body = (event) => JSON.stringify(ours.prepare(event))
      const referenceBody = (event) => JSON.stringify(theirs.prepare(event))
      requireEqual(label, inputs, body, referenceBody)
      const texts = inputs.map((event) => JSON.stringify(event))
      return compare(
        label,
        {
          waybill: eachOf(inputs, body),
          reference: eachOf(inputs, referenceBody),
          parse: eachOf(texts, JSON.parse),
        },
        {
          reference: { label: 'the same of the reference', ...(size === 'medium' && { target: 18 }) },
          parse: { label: 'JSON.parse of the event' },
        },
        budget,
      )
    }),
}
