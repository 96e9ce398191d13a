const { MultiStatusResponse } = require('waybill')
const { postingDestination, postingSettings } = require('../destination')
const { filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare, sideBySide } = require('../measure')
const reference = require('../reference')
const { recordRequests } = require('../sink/record-requests')
const { withSinks } = require('../sink/with-sinks')
const { openWaybill, requireDelivered, streamed } = require('../waybill-runtime')
const { ordersOf } = require('./batch')

const size = 'medium'
const { mapping } = mappings[size]
const filter = filters.order
const targets = { 100: 12, 1000: 9 }

/** Batches to a server on loopback, with an outcome for each item. */
module.exports = {
  name: 'http-batch',
  title: 'Batches over loopback, per-item outcomes',
  unit: 'events/s',
  async run(budget, { certificate } = {}) {
    await requireEqualRequests()
    const inFlight = budget.batchesInFlight
    return withSinks(certificate, async (sinks) => {
      const rows = []
      for (const { protocol, url, kind } of sinks)
        for (const count of budget.batches) {
          const batch = ordersOf(count)
          const options = { settings: postingSettings(url), filter, mapping, inFlight }
          const runtime = openWaybill(postingDestination(mappings[size], MultiStatusResponse), {
            ...options,
            batch: { maxCount: count },
          })
          const core = reference.openReference(
            postingDestination(mappings[size], reference.MultiStatusResponse),
            options,
          )
          rows.push(
            ...(await compare(
              `${protocol} (sink in ${kind}), batches of ${count}, ${inFlight} in flight`,
              {
                waybill: streamed(runtime, batch, count),
                reference: sideBySide([batch], core.onBatch, inFlight, count),
              },
              { reference: { label: 'Destination.onBatch', target: targets[count] } },
              { ...budget, roundMs: budget.networkMs },
            )),
          )
          await runtime.close()
        }
      return rows
    })
  },
}

async function requireEqualRequests() {
  const batch = ordersOf(100)
  const ours = await recordRequests(async (url) => {
    const runtime = openWaybill(postingDestination(mappings[size], MultiStatusResponse), {
      settings: postingSettings(url),
      filter,
      mapping,
      batch: { maxCount: 100 },
    })
    requireDelivered(await runtime.send(batch))
    await runtime.close()
  })
  const theirs = await recordRequests((url) =>
    reference
      .openReference(postingDestination(mappings[size], reference.MultiStatusResponse), {
        settings: postingSettings(url),
        filter,
        mapping,
      })
      .onBatch(batch),
  )
  requireEqualLists('batch requests', ours, theirs)
}
