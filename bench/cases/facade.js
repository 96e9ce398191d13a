const core = require('waybill/actions-core')
const { silentDestination } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare, eachInTurn } = require('../measure')
const reference = require('../reference')

const settingsOf = ({ filter, mapping }) => ({
  subscription: { partnerAction: 'send', subscribe: filter, mapping },
})

/** One event through `Destination.onEvent` of `waybill/actions-core`; `perform` makes no request. */
module.exports = {
  name: 'facade',
  title: 'One event through waybill/actions-core, without network',
  unit: 'events/s',
  async run(budget) {
    const rows = []
    for (const size of budget.sizes)
      for (const kind of budget.kinds) {
        const options = { filter: filters[kind], mapping: mappings[size].mapping }
        await requireEqualPayloads(size, kind, options)
        const destination = new core.Destination(silentDestination(mappings[size], core.MultiStatusResponse))
        const settings = settingsOf(options)
        const theirs = reference.openReference(
          silentDestination(mappings[size], reference.MultiStatusResponse),
          options,
        )
        rows.push(
          ...(await compare(
            `${size} mapping, ${kind}`,
            {
              waybill: eachInTurn(events[kind], (event) => destination.onEvent(event, settings)),
              reference: eachInTurn(events[kind], theirs.onEvent),
            },
            { reference: { label: 'Destination.onEvent', ...(size === 'medium' && { target: 15 }) } },
            budget,
          )),
        )
      }
    return rows
  },
}

async function requireEqualPayloads(size, kind, options) {
  const [ours, theirs] = [[], []]
  const destination = new core.Destination(
    silentDestination(mappings[size], core.MultiStatusResponse, (payload) => ours.push(payload)),
  )
  const other = reference.openReference(
    silentDestination(mappings[size], reference.MultiStatusResponse, (payload) => theirs.push(payload)),
    options,
  )
  for (const event of events[kind]) {
    await destination.onEvent(event, settingsOf(options))
    await other.onEvent(event)
  }
  requireEqualLists(`${size} payload of ${kind} in perform`, ours, theirs)
}
