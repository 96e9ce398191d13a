const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { timeProgram } = require('../children/time-program')
const { writeEventFile } = require('../data/event-file')
const { anyKind } = require('../data/events')
const { mappings } = require('../data/mappings')
const { postingSettings } = require('../destination')
const { median, spread } = require('../statistics')
const { withSinks } = require('../sink/with-sinks')
const { commandLine } = require('../waybill-compiled')

const inFlight = 16
/** The reference gets so much less of the file, to end in time. */
const share = 10

/** The command line on a file, whole processes from start to end. */
module.exports = {
  name: 'run',
  title: 'waybill run on a file, start-up included',
  unit: 'events/s',
  needsBuild: true,
  async run(budget) {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-run-'))
    const file = join(folder, 'events.ndjson')
    const sample = join(folder, 'sample.ndjson')
    const events = budget.fileEvents
    writeEventFile(file, events)
    writeEventFile(sample, events / share)
    try {
      return await withSinks(undefined, async ([{ url, kind }]) => {
        const programs = {
          waybill: [commandLine, ...runParameters(folder, file, url)],
          dryRun: [commandLine, ...runParameters(folder, file, url), '--dry-run'],
          reference: [join(__dirname, '../children/run-reference.js'), sample, url, String(inFlight)],
        }
        const rounds = Math.max(1, Math.ceil(budget.rounds / 3))
        const times = { waybill: [], dryRun: [], reference: [] }
        for (let round = 0; round < rounds; round++)
          for (const name of round % 2 === 0 ? Object.keys(programs) : Object.keys(programs).toReversed())
            times[name].push(await timeProgram(programs[name]))
        const rate = (milliseconds, count) => ({ perSecond: (count / median(milliseconds)) * 1000 })
        const row = (name, side) => ({
          name,
          against: 'readline + Destination.onEvent over HTTP',
          waybill: rate(times[side], events),
          other: rate(times.reference, events / share),
          ratio: spread(times[side].map((time, round) => (times.reference[round] * share) / time)),
        })
        return [
          row(`to a sink in ${kind}, ${inFlight} in flight, medium mapping`, 'waybill'),
          row('--dry-run, printing every request', 'dryRun'),
        ]
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function runParameters(folder, file, url) {
  writeFileSync(
    join(folder, 'definition.js'),
    `const { MultiStatusResponse } = require(${JSON.stringify(require.resolve('waybill'))})
const { postingDestination } = require(${JSON.stringify(join(__dirname, '../destination.js'))})
const { mappings } = require(${JSON.stringify(join(__dirname, '../data/mappings.js'))})
exports.bench = postingDestination(mappings.medium, MultiStatusResponse)`,
  )
  const configuration = join(folder, 'waybill.config.json')
  writeFileSync(
    configuration,
    JSON.stringify({
      connections: [
        {
          destination: './definition.js#bench',
          settings: postingSettings(url),
          subscriptions: [
            { action: 'send', filter: anyKind, mapping: mappings.medium.mapping, batch: false },
          ],
        },
      ],
    }),
  )
  const rest = ['--quiet', '--dead-letters', join(folder, 'dead-letters.ndjson')]
  return ['run', '--config', configuration, '--input', file, ...rest]
}
