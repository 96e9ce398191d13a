/**
 * Measures, side by side with the reference in one run: filter, and mapping with emptiness, coercion and validation,
 * after the outputs were found equal; then `waybill run` on a large file against the emulator in another process, with
 * its peak memory. `npm run bench -- --json FILE` writes the figures, `--events N` sets the size of the file.
 */
const { spawn } = require('node:child_process')
const { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, resolve } = require('node:path')
const { isDeepStrictEqual, parseArgs } = require('node:util')
const { fieldsToJsonSchema, transform, validateSchema } = require('@segment/actions-core')
const { parseFql, validate } = require('@segment/destination-subscriptions')
const { createEventStream } = require('waybill/testing')
const { zendeskConnect } = require('waybill/destinations/zendesk-connect')
const { compilePreparation } = require('../dist/src/pipeline/prepare')
const { compileSubscription } = require('../dist/src/pipeline/subscription/compile-subscription')

const { removeEmptyValues } = require(
  resolve(require.resolve('@segment/actions-core'), '..', 'remove-empty-values.js'),
)

const { values } = parseArgs({
  options: { json: { type: 'string' }, events: { type: 'string', default: '100000' } },
})
const rounds = 9

/** Median calls per second over rounds that alternate, so that a busy neighbor slows both alike. */
function compare(name, ours, theirs, input) {
  const rates = { ours: [], theirs: [] }
  const measure = (run) => {
    const endsAt = performance.now() + 120
    let calls = 0
    const startedAt = performance.now()
    while (performance.now() < endsAt) {
      for (const event of input) run(event)
      calls += input.length
    }
    return (calls / (performance.now() - startedAt)) * 1000
  }
  measure(ours)
  measure(theirs)
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']
    for (const side of order) rates[side].push(measure(side === 'ours' ? ours : theirs))
  }
  const median = (list) => [...list].sort((a, b) => a - b)[rounds >> 1]
  const ratios = rates.ours.map((rate, index) => rate / rates.theirs[index])
  return {
    name,
    waybill: median(rates.ours),
    reference: median(rates.theirs),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  }
}

function benchPipeline(sample) {
  const source = 'type = "track" and event = "Order Completed"'
  const matches = compileSubscription(source)
  const matchesReference = (event) => validate(parseFql(source), event)
  const { fields } = zendeskConnect.actions.trackEvent
  const mapping = Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )
  const { prepare } = compilePreparation({ fields, mapping })
  const schema = fieldsToJsonSchema(fields)
  const prepareReference = (event) => {
    const payload = removeEmptyValues(transform(mapping, event), schema, true)
    validateSchema(payload, schema, { schemaKey: 'bench' })
    return payload
  }
  const tracks = sample.filter((event) => event.type === 'track')
  for (const event of tracks) {
    if (matches(event) !== matchesReference(event))
      throw new RangeError(`the filters differ on ${event.messageId}`)
    if (
      !isDeepStrictEqual(
        JSON.parse(JSON.stringify(prepare(event))),
        JSON.parse(JSON.stringify(prepareReference(event))),
      )
    )
      throw new RangeError(`the payloads differ on ${event.messageId}`)
  }
  return [
    compare('filter', matches, matchesReference, tracks),
    compare(
      `map, coerce, validate (${Object.keys(mapping).length} fields)`,
      prepare,
      prepareReference,
      tracks,
    ),
  ]
}

async function benchRun(folder, count) {
  const input = join(folder, 'events.ndjson')
  const stream = createWriteStream(input)
  for (const event of createEventStream({ seed: 1, users: 5000, count }))
    if (!stream.write(`${JSON.stringify(event)}\n`)) await new Promise((done) => stream.once('drain', done))
  await new Promise((done) => stream.end(done))
  const emulator = spawn(
    process.execPath,
    [
      '-e',
      `
    require('waybill/destinations/zendesk-connect/emulator').startZendeskConnectEmulator()
      .then(({ url }) => process.stdout.write(url))`,
    ],
    { cwd: resolve(__dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const url = await new Promise((done) => emulator.stdout.once('data', (data) => done(String(data))))
  const configuration = join(folder, 'waybill.config.json')
  writeFileSync(
    configuration,
    JSON.stringify({
      connections: [
        {
          destination: 'zendesk-connect',
          settings: { apiKey: '0'.repeat(32), endpoint: url },
          subscriptions: 'presets',
        },
      ],
    }),
  )
  const probe = join(folder, 'probe.js')
  const figure = join(folder, 'memory')
  writeFileSync(
    probe,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(figure)}, String(process.resourceUsage().maxRSS)))`,
  )
  const startedAt = performance.now()
  const code = await new Promise((done) =>
    spawn(
      process.execPath,
      [
        '-r',
        probe,
        join(__dirname, '..', 'dist', 'src', 'cli', 'main.js'),
        'run',
        '--quiet',
        '--config',
        configuration,
        '--input',
        input,
        '--dead-letters',
        join(folder, 'dead.ndjson'),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    ).once('exit', done),
  )
  const seconds = (performance.now() - startedAt) / 1000
  emulator.kill()
  return {
    events: count,
    exitCode: code,
    seconds,
    eventsPerSecond: count / seconds,
    peakMegabytes: Number(readFileSync(figure, 'utf8')) / 1024,
  }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'))
  try {
    const sample = [...createEventStream({ seed: 1, users: 50, count: 500 })]
    const pipeline = benchPipeline(sample)
    for (const row of pipeline)
      console.log(
        `${row.name.padEnd(36)} waybill ${Math.round(row.waybill).toLocaleString('en-US').padStart(12)}/s   reference ${Math.round(row.reference).toLocaleString('en-US').padStart(9)}/s   ${row.ratio.toFixed(0)} x (${row.lowest.toFixed(0)} to ${row.highest.toFixed(0)})`,
      )
    const run = await benchRun(folder, Number(values.events))
    console.log(
      `waybill run, ${run.events.toLocaleString('en-US')} events         ${Math.round(run.eventsPerSecond).toLocaleString('en-US')} events/s, ${Math.round(run.peakMegabytes)} MB at most, exit code ${run.exitCode}`,
    )
    if (values.json)
      writeFileSync(values.json, `${JSON.stringify({ node: process.version, pipeline, run }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main()
