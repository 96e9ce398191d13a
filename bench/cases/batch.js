const { MultiStatusResponse } = require('waybill')
const { silentDestination } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare, eachInTurn } = require('../measure')
const reference = require('../reference')
const { openWaybill, requireDelivered } = require('../waybill-runtime')

/** So many orders. */
const ordersOf = (count) =>
  Array.from({ length: count }, (_, index) => events.order[index % events.order.length])

/** Batches through the runtime with an outcome for each item; `performBatch` makes no request. */
module.exports = {
  name: 'batch',
  title: 'Batches without network, per-item outcomes',
  unit: 'events/s',
  ordersOf,
  async run(budget) {
    const rows = []
    for (const size of budget.sizes)
      for (const count of budget.batches) {
        const batch = ordersOf(count)
        const options = {
          filter: filters.order,
          mapping: mappings[size].mapping,
          batch: { maxCount: count },
        }
        const [ours, theirs] = [[], []]
        let isChecking = true
        const keepIn = (list) => (payloads) => isChecking && list.push(...payloads)
        const runtime = openWaybill(
          silentDestination(mappings[size], MultiStatusResponse, keepIn(ours)),
          options,
        )
        const core = reference.openReference(
          silentDestination(mappings[size], reference.MultiStatusResponse, keepIn(theirs)),
          options,
        )
        requireDelivered(await runtime.send(batch))
        await core.onBatch(batch)
        requireEqualLists(`${size} payloads of a batch of ${count}`, ours, theirs)
        isChecking = false
        rows.push(
          ...(await compare(
            `${size} mapping, batches of ${count}`,
            {
              waybill: eachInTurn([batch], (items) => runtime.send(items), count),
              reference: eachInTurn([batch], core.onBatch, count),
            },
            { reference: { label: 'Destination.onBatch' } },
            budget,
          )),
        )
        await runtime.close()
      }
    return rows
  },
}
