const { createRuntime } = require('waybill')

/** A runtime with one connection and one subscription, and how it is asked to deliver. */
function openWaybill(definition, { settings = {}, filter, mapping, batch = false, inFlight }) {
  return createRuntime({
    connections: [
      {
        destination: definition,
        settings,
        subscriptions: [{ action: 'send', filter, mapping, batch }],
      },
    ],
    ...(inFlight !== undefined && { limits: limitsFor(inFlight, batch) }),
  })
}

/** Enough events under way that the network never waits, and few enough that a measurement ends soon. */
const limitsFor = (inFlight, batch) => ({
  concurrency: inFlight,
  maxPending: inFlight * 2 * (batch ? batch.maxCount : 1),
})

/** @throws RangeError unless every outcome says that the event was delivered. */
function requireDelivered(outcomes) {
  const failed = outcomes.find(({ kind }) => kind !== 'delivered')
  if (failed !== undefined) throw new RangeError(`not delivered: ${JSON.stringify(failed)}`)
}

/**
 * A side for `measure`: one long stream of the events, which the runtime asks for as it has room. Every event comes
 * back as an outcome, and each is looked at.
 */
const streamed = (runtime, events, eventsPerChunk = 100) => {
  const chunks = []
  for (let start = 0; start < events.length; start += eventsPerChunk)
    chunks.push(events.slice(start, start + eventsPerChunk))
  return async (endsAt) => {
    let delivered = 0
    const failed = []
    const source = function* () {
      do yield* chunks
      while (failed.length === 0 && performance.now() < endsAt)
    }
    await runtime.stream(source(), {
      onOutcome(outcome) {
        if (outcome.kind === 'delivered') delivered += 1
        else failed.push(outcome)
      },
    })
    requireDelivered(failed)
    return delivered
  }
}

module.exports = { openWaybill, requireDelivered, streamed }
