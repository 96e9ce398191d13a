/** Sends events one by one over HTTP, 16 at a time, and tells its memory on the way: `hold-memory.js SIDE URL EVENTS` */
const { MultiStatusResponse } = require('waybill')
const { postingDestination, postingSettings } = require('../destination')
const { anyKind, mixed } = require('../data/events')
const { mappings } = require('../data/mappings')

const inFlight = 16
const texts = mixed.map((event) => JSON.stringify(event))
const megabytes = () => process.memoryUsage().rss / 1024 / 1024

/** Fresh events, as a reader would hand them over; after each tenth the memory is noted. */
function* eventsWithMarks(count, marks) {
  for (let index = 0; index < count; index++) {
    yield JSON.parse(texts[index % texts.length])
    if ((index + 1) % (count / 10) === 0) marks.push(megabytes())
  }
}

const options = (endpoint) => ({
  settings: postingSettings(endpoint),
  filter: anyKind,
  mapping: mappings.medium.mapping,
})

async function withWaybill(endpoint, events) {
  const { openWaybill, requireDelivered } = require('../waybill-runtime')
  const definition = postingDestination(mappings.medium, MultiStatusResponse)
  const runtime = openWaybill(definition, options(endpoint))
  const chunks = function* () {
    let chunk = []
    for (const event of events) {
      chunk.push(event)
      if (chunk.length === 100) {
        yield chunk
        chunk = []
      }
    }
    if (chunk.length > 0) yield chunk
  }
  const failed = []
  await runtime.stream(chunks(), {
    onOutcome(outcome) {
      if (outcome.kind !== 'delivered') failed.push(outcome)
    },
  })
  requireDelivered(failed)
  await runtime.close()
}

async function withReference(endpoint, events, isEmptied) {
  const reference = require('../reference')
  const { destination, configuration, onEvent } = reference.openReference(
    postingDestination(mappings.medium, reference.MultiStatusResponse),
    options(endpoint),
  )
  const send = isEmptied ? onEvent : (event) => destination.onEvent(event, configuration)
  const worker = async () => {
    for (const event of events) await send(event)
  }
  // One iterator for all workers; `for of` would close it, were one of them to leave its loop early.
  await Promise.all(Array.from({ length: inFlight }, worker))
}

async function main([side, endpoint, count]) {
  const marks = []
  const events = eventsWithMarks(Number(count), marks)
  if (side === 'waybill') await withWaybill(endpoint, events)
  else await withReference(endpoint, events, side === 'reference-emptied')
  console.log(JSON.stringify(marks))
}

main(process.argv.slice(2))
