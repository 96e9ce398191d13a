const { events, filters } = require('../data/events')
const { requireEqual } = require('../equality')
const { compare, eachOf } = require('../measure')
const { referenceFilter } = require('../reference')
const { compileSubscription } = require('../waybill-compiled')

/** Whether an event passes a filter. */
module.exports = {
  name: 'filter',
  title: 'Filter',
  unit: 'events/s',
  async run(budget) {
    const all = Object.values(events).flat()
    const rows = []
    for (const kind of budget.kinds) {
      const sides = {
        waybill: compileSubscription(filters[kind]),
        reference: referenceFilter(filters[kind]),
      }
      requireEqual(filters[kind], all, sides.waybill, sides.reference)
      rows.push(
        ...(await compare(
          kind,
          {
            waybill: eachOf(events[kind], sides.waybill),
            reference: eachOf(events[kind], sides.reference),
          },
          { reference: { label: 'parse + match of the reference', target: 300 } },
          budget,
        )),
      )
    }
    return rows
  },
}
