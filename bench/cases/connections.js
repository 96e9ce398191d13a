const { MultiStatusResponse } = require('waybill')
const { postingDestination, postingSettings } = require('../destination')
const { filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { withSinks } = require('../sink/with-sinks')
const { openWaybill, requireDelivered } = require('../waybill-runtime')
const { ordersOf } = require('./batch')

const inFlight = 16

/** How many connections a run opens. */
module.exports = {
  name: 'connections',
  title: 'Connections opened, 16 in flight',
  async run(budget, { certificate } = {}) {
    return withSinks(certificate, async (sinks) => {
      const rows = []
      for (const { protocol, url, connections } of sinks) {
        const runtime = openWaybill(postingDestination(mappings.small, MultiStatusResponse), {
          settings: postingSettings(url),
          filter: filters.order,
          mapping: mappings.small.mapping,
          inFlight,
        })
        requireDelivered(await runtime.send(ordersOf(budget.requests)))
        await runtime.close()
        rows.push({
          name: `${protocol}, per ${budget.requests.toLocaleString('en-US')} requests`,
          value: await connections(),
          unit: 'connections',
          limit: 17,
        })
      }
      return rows
    })
  },
}
