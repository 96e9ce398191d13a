const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')
const { withSinks } = require('../sink/with-sinks')

const program = join(__dirname, '../children/hold-memory.js')
/** The reference gets so much less, to end in time, and before it runs out of memory. */
const share = 20

/** Resident memory of a process that sends events one by one over HTTP, in ten steps. */
module.exports = {
  name: 'memory',
  title: 'Memory, one event per request over HTTP, 16 in flight',
  needsBuild: true,
  run: (budget) =>
    withSinks(undefined, async ([{ url }]) => {
      const measure = async (side, events) => {
        const { stdout } = await promisify(execFile)(process.execPath, [program, side, url, String(events)])
        return JSON.parse(stdout)
      }
      const events = budget.memoryEvents
      const fewer = events / share
      const marks = await measure('waybill', events)
      const rows = [
        highest(`waybill, ${events.toLocaleString('en-US')} events, highest`, marks, 110),
        growth('waybill, growth per 100,000 events after the first tenth', marks, events, 5),
      ]
      for (const [side, label] of [
        ['reference', 'reference as shipped'],
        ['reference-emptied', 'reference, its list of responses emptied'],
      ])
        rows.push(
          growth(
            `${label}, growth per 100,000 events (${fewer.toLocaleString('en-US')} measured)`,
            await measure(side, fewer),
            fewer,
          ),
        )
      return rows
    }),
}

const highest = (name, marks, limit) => ({ name, value: Math.max(...marks), unit: 'MB', limit, marks })

/** From the first tenth to the last. */
const growth = (name, marks, events, limit) => ({
  name,
  value: ((marks.at(-1) - marks[0]) / (events * 0.9)) * 100_000,
  unit: 'MB',
  ...(limit !== undefined && { limit }),
  marks,
})
