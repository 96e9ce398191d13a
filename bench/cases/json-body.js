const { events, kinds } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqual } = require('../equality')
const { compare, eachOf } = require('../measure')
const { referencePayload } = require('../reference')
const { compilePayload } = require('../waybill-compiled')

/** From an event to the JSON body of a request; beside the reference, `JSON.parse` of the event is the yardstick. */
module.exports = {
  name: 'json-body',
  title: 'Event to JSON body',
  unit: 'events/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes) {
      const { prepare } = compilePayload(mappings[size])
      const { prepare: referencePrepare } = referencePayload(mappings[size], `body-${size}`)
      const ours = (event) => JSON.stringify(prepare(event))
      const theirs = (event) => JSON.stringify(referencePrepare(event))
      for (const kind of kinds) {
        requireEqual(`${size} body of ${kind}`, events[kind], ours, theirs)
        const texts = events[kind].map((event) => JSON.stringify(event))
        rows.push(
          ...(await compare(
            `${size} mapping, ${kind}`,
            {
              waybill: eachOf(events[kind], ours),
              reference: eachOf(events[kind], theirs),
              parse: eachOf(texts, JSON.parse),
            },
            {
              reference: {
                label: 'the same of the reference',
                ...(size === 'medium' && { target: 18 }),
              },
              parse: { label: 'JSON.parse of the event' },
            },
            budget,
          )),
        )
      }
    }
    return rows
  },
}
