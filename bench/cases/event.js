const { MultiStatusResponse } = require('waybill')
const { silentDestination } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare, eachInTurn } = require('../measure')
const reference = require('../reference')
const { openWaybill, requireDelivered, streamed } = require('../waybill-runtime')

/** One event through the runtime, its outcome included; `perform` makes no request. */
module.exports = {
  name: 'event',
  title: 'One event without network, outcome included',
  unit: 'events/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes)
      for (const kind of budget.kinds) {
        const options = { filter: filters[kind], mapping: mappings[size].mapping }
        await requireEqualPayloads(size, kind, options)
        const runtime = openWaybill(silentDestination(mappings[size], MultiStatusResponse), options)
        const core = reference.openReference(
          silentDestination(mappings[size], reference.MultiStatusResponse),
          options,
        )
        const label = `${size} mapping, ${kind}`
        const target = size === 'medium' ? { target: 40 } : {}
        const theirs = eachInTurn(events[kind], core.onEvent)
        rows.push(
          ...(await compare(
            `${label}, sent one by one`,
            {
              waybill: eachInTurn(events[kind], (event) => runtime.send([event])),
              reference: theirs,
            },
            { reference: { label: 'Destination.onEvent', ...target } },
            budget,
          )),
          ...(await compare(
            `${label}, streamed`,
            { waybill: streamed(runtime, events[kind]), reference: theirs },
            { reference: { label: 'Destination.onEvent', ...target } },
            budget,
          )),
        )
        await runtime.close()
      }
    return rows
  },
}

async function requireEqualPayloads(size, kind, options) {
  const [ours, theirs] = [[], []]
  const runtime = openWaybill(
    silentDestination(mappings[size], MultiStatusResponse, (payload) => ours.push(payload)),
    options,
  )
  const core = reference.openReference(
    silentDestination(mappings[size], reference.MultiStatusResponse, (payload) => theirs.push(payload)),
    options,
  )
  for (const event of events[kind]) {
    requireDelivered(await runtime.send([event]))
    await core.onEvent(event)
  }
  await runtime.close()
  requireEqualLists(`${size} payload of ${kind} in perform`, ours, theirs)
}
