const { MultiStatusResponse } = require('waybill')
const { silentDestination } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { compare, eachInTurn } = require('../measure')
const reference = require('../reference')
const { openWaybill, requireDelivered } = require('../waybill-runtime')

/** What compiling costs: opening a connection, until its first event is delivered. */
module.exports = {
  name: 'open',
  title: 'Opening a connection, up to the first outcome',
  unit: 'connections/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes) {
      const options = { filter: filters.order, mapping: mappings[size].mapping }
      let opened = 0
      const ours = silentDestination(mappings[size], MultiStatusResponse)
      const openOurs = async (event) => {
        const runtime = openWaybill(ours, options)
        requireDelivered(await runtime.send([event]))
        await runtime.close()
      }
      const openTheirs = async (event) => {
        opened += 1
        // Under a new name, since the reference compiles the schema of a name but once.
        const definition = silentDestination(mappings[size], reference.MultiStatusResponse)
        await reference.openReference({ ...definition, name: `${size}-${opened}` }, options).onEvent(event)
      }
      rows.push(
        ...(await compare(
          `${size} mapping`,
          {
            waybill: eachInTurn(events.order.slice(0, 1), openOurs),
            reference: eachInTurn(events.order.slice(0, 1), openTheirs),
          },
          { reference: { label: 'new Destination, onEvent' } },
          budget,
        )),
      )
    }
    return rows
  },
}
