/** What a program around the reference does with a file: `readline`, and so many events under way at a time. */
const { createReadStream } = require('node:fs')
const { createInterface } = require('node:readline')
const { postingDestination, postingSettings } = require('../destination')
const { anyKind } = require('../data/events')
const { mappings } = require('../data/mappings')
const { MultiStatusResponse, openReference } = require('../reference')

async function main([file, endpoint, inFlight]) {
  const { onEvent } = openReference(postingDestination(mappings.medium, MultiStatusResponse), {
    settings: postingSettings(endpoint),
    filter: anyKind,
    mapping: mappings.medium.mapping,
  })
  const lines = createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]()
  const worker = async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next())
      await onEvent(JSON.parse(line.value))
  }
  await Promise.all(Array.from({ length: Number(inFlight) }, worker))
}

main(process.argv.slice(2))
