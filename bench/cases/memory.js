const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')
const { withSinks } = require('../sink/with-sinks')

const program = join(__dirname, '../children/hold-memory.js')
/** The reference gets so much less, to end in time, and before it runs out of memory. */
const share = 50
/** Below this, what grows is the warm-up. */
const fewestForGrowth = 200_000

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
      const marks = await measure('waybill', events)
      const rows = [
        {
          name: `waybill, ${events.toLocaleString('en-US')} events, highest`,
          value: Math.max(...marks),
          unit: 'MB',
          limit: 110,
          marks,
        },
      ]
      if (events < fewestForGrowth) return rows
      rows.push(growth('waybill', marks, events, 5))
      const fewer = events / share
      for (const [side, label] of [
        ['reference', 'the reference as shipped'],
        ['reference-emptied', 'the reference, its list of responses emptied'],
      ])
        rows.push(growth(label, await measure(side, fewer), fewer))
      return rows
    }),
}

/** From the first tenth to the last. */
const growth = (who, marks, events, limit) => ({
  name: `${who}, growth per 100,000 events (over ${events.toLocaleString('en-US')})`,
  value: ((marks.at(-1) - marks[0]) / (events * 0.9)) * 100_000,
  unit: 'MB',
  ...(limit !== undefined && { limit }),
  marks,
})
