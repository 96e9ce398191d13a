const { Pool } = require('undici')
const { MultiStatusResponse } = require('waybill')
const { postingDestination, postingSettings } = require('../destination')
const { events, filters } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare, sideBySide } = require('../measure')
const reference = require('../reference')
const { recordRequests } = require('../sink/record-requests')
const { withSinks } = require('../sink/with-sinks')
const { openWaybill, requireDelivered, streamed } = require('../waybill-runtime')

const size = 'medium'
const { mapping } = mappings[size]
const filter = filters.order
const targets = { http: { reference: 14, pool: 0.75 }, https: { reference: 12, pool: 0.6 } }
/** Where the network and not the round trip decides. */
const isTargeted = (inFlight) => inFlight === 16 || inFlight === 64

/** One event at a time to a server on loopback, each in a request of its own. */
module.exports = {
  name: 'http',
  title: 'One event per request over loopback',
  unit: 'events/s',
  async run(budget, { certificate } = {}) {
    const sample = await requireEqualRequests()
    return withSinks(certificate, async (sinks) => {
      const rows = []
      for (const { protocol, url, kind } of sinks)
        for (const inFlight of budget.inFlight) {
          const options = { settings: postingSettings(url), filter, mapping }
          const runtime = openWaybill(postingDestination(mappings[size], MultiStatusResponse), {
            ...options,
            inFlight,
          })
          const core = reference.openReference(
            postingDestination(mappings[size], reference.MultiStatusResponse),
            options,
          )
          const pool = new Pool(url, { connections: inFlight, pipelining: 1 })
          const target = (side) => isTargeted(inFlight) && { target: targets[protocol][side] }
          rows.push(
            ...(await compare(
              `${protocol} (sink in ${kind}), ${inFlight} in flight`,
              {
                waybill: streamed(runtime, events.order),
                reference: sideBySide(events.order, core.onEvent, inFlight),
                pool: sideBySide([sample], (request) => post(pool, request), inFlight),
              },
              {
                reference: { label: 'Destination.onEvent', ...target('reference') },
                pool: { label: 'bare undici pool, constant body', ...target('pool') },
              },
              { ...budget, roundMs: budget.networkMs },
            )),
          )
          await Promise.all([runtime.close(), pool.close()])
        }
      return rows
    })
  },
}

/** The same request as the two others make, ready-made. */
async function post(pool, { url, headers, body: sent }) {
  const { body } = await pool.request({ path: url, method: 'POST', headers, body: sent })
  await body.dump()
}

/** Demands that both make the same requests, and gives one of them. */
async function requireEqualRequests() {
  const ours = await recordRequests(async (url) => {
    const runtime = openWaybill(postingDestination(mappings[size], MultiStatusResponse), {
      settings: postingSettings(url),
      filter,
      mapping,
    })
    for (const event of events.order) requireDelivered(await runtime.send([event]))
    await runtime.close()
  })
  const theirs = await recordRequests(async (url) => {
    const core = reference.openReference(postingDestination(mappings[size], reference.MultiStatusResponse), {
      settings: postingSettings(url),
      filter,
      mapping,
    })
    for (const event of events.order) await core.onEvent(event)
  })
  requireEqualLists('requests', ours, theirs)
  return ours[0]
}
