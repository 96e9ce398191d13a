const { createReadStream, mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { createInterface } = require('node:readline')
const { MultiStatusResponse } = require('waybill')
const { silentDestination } = require('../destination')
const { writeEventFile } = require('../data/event-file')
const { anyKind } = require('../data/events')
const { mappings } = require('../data/mappings')
const { requireEqualLists } = require('../equality')
const { compare } = require('../measure')
const reference = require('../reference')
const { compilePayload, compileSubscription, part } = require('../waybill-compiled')
const { openWaybill } = require('../waybill-runtime')

const { createEventReader } = part('cli/input/read-events')
const { mapping } = mappings.medium
const chunkBytes = 256 * 1024
const newline = 0x0a

/** From a file of NDJSON to the JSON bodies of requests, without network: the reader and the compiled subscription alone, and the whole runtime. */
module.exports = {
  name: 'file',
  title: 'NDJSON file to JSON bodies, dry run',
  unit: 'events/s',
  async run(budget) {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-file-'))
    try {
      const [file, sample] = [join(folder, 'events.ndjson'), join(folder, 'sample.ndjson')]
      writeEventFile(file, budget.fileEvents)
      writeEventFile(sample, Math.ceil(budget.fileEvents / 20))
      await requireEqualBodies(sample)
      const name = `medium mapping, ${budget.fileEvents.toLocaleString('en-US')} events`
      const parse = { label: 'chunk splitting + JSON.parse alone', target: 0.75 }
      return [
        ...(await compare(
          `${name}, bodies`,
          { waybill: () => readBodies(file), parse: () => parseLines(file) },
          { parse },
          budget,
        )),
        ...(await compare(
          `${name}, bodies and outcomes`,
          {
            waybill: () => readWithRuntime(file),
            parse: () => parseLines(file),
            reference: () => readWithReference(sample),
          },
          { parse, reference: { label: 'readline + Destination.onEvent' } },
          budget,
        )),
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** The least that any reader of events has to do. */
async function parseLines(file) {
  let rest = Buffer.alloc(0)
  let events = 0
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes })) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      JSON.parse(bytes.utf8Slice(start, end))
      events += 1
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  return events
}

const readerOf = (file) =>
  createEventReader(createReadStream(file, { highWaterMark: chunkBytes }), {
    onMalformed: ({ problem }) => {
      throw new RangeError(problem)
    },
  })

async function readBodies(file, take = () => undefined) {
  const matches = compileSubscription(anyKind)
  const { prepare } = compilePayload(mappings.medium)
  let bodies = 0
  for await (const events of readerOf(file).batches)
    for (const event of events)
      if (matches(event)) {
        take(JSON.stringify(prepare(event)))
        bodies += 1
      }
  return bodies
}

async function readWithRuntime(file, take = () => undefined) {
  const runtime = openWaybill(
    silentDestination(mappings.medium, MultiStatusResponse, (payload) => take(JSON.stringify(payload))),
    { filter: anyKind, mapping },
  )
  let outcomes = 0
  await runtime.stream(readerOf(file).batches, {
    onOutcome({ kind }) {
      if (kind === 'delivered') outcomes += 1
    },
  })
  await runtime.close()
  return outcomes
}

async function readWithReference(file, take = () => undefined) {
  const core = reference.openReference(
    silentDestination(mappings.medium, reference.MultiStatusResponse, (payload) =>
      take(JSON.stringify(payload)),
    ),
    { filter: anyKind, mapping },
  )
  let events = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    await core.onEvent(JSON.parse(line))
    events += 1
  }
  return events
}

async function requireEqualBodies(file) {
  const [compiled, ours, theirs] = [[], [], []]
  await readBodies(file, (body) => compiled.push(body))
  await readWithRuntime(file, (body) => ours.push(body))
  await readWithReference(file, (body) => theirs.push(body))
  requireEqualLists('bodies of a file', compiled, theirs)
  requireEqualLists('bodies of a file through the runtime', ours, theirs)
}
