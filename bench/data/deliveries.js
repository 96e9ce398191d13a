const { randomUUID } = require('node:crypto')

const text = 'x'.repeat(850)

/** A delivery of an event of 1 kB, under an id of its own. */
function delivery() {
  const id = randomUUID()
  return {
    event: { type: 'track', messageId: id, event: 'Order Completed', properties: { text } },
    connection: 'shop',
    subscription: 'orders',
    idempotencyKey: id,
    attempt: 0,
    receivedAt: Date.now(),
    firstAttemptAt: 0,
    history: [],
  }
}
const deliveries = (count) => Array.from({ length: count }, delivery)

/** Ends claims. */
const settleAll = (queue, claims) => queue.settle(claims.map(({ lease }) => ({ lease, kind: 'done' })))

/** A side that takes groups in until its time is over. */
const putting = (put, size) => async (endsAt) => {
  let done = 0
  do {
    await put(deliveries(size))
    done += size
  } while (performance.now() < endsAt)
  return done
}

module.exports = { deliveries, putting, settleAll }
