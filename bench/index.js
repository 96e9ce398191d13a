/** `npm run bench`: measures waybill beside the reference and beside the machine's limits. See docs/performance.md. */
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { budgets } = require('./budget')
const { loadCase } = require('./cases/names')
const { forkCase } = require('./children/fork-case')
const { readOptions, usage } = require('./options')
const { chart } = require('./report/chart')
const { isReached } = require('./report/judge')
const { describeMachine } = require('./report/machine')
const { table } = require('./report/table')
const { makeCertificate } = require('./sink/certificate')

async function measureCases({ only, budget }) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'))
  try {
    const files = makeCertificate(folder)
    const results = []
    for (const name of only) {
      const { title, unit } = loadCase(name)
      const { rows = [], problem } = await forkCase(name, budget, files)
      results.push({ name, title, unit, rows, ...(problem !== undefined && { problem }) })
      console.log(
        problem === undefined ? table({ title, unit, rows }) : `${title}\n  not measured: ${problem}\n`,
      )
    }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function conclude(results) {
  const judged = results.flatMap(({ rows }) => rows).filter((row) => isReached(row) !== undefined)
  const reached = judged.filter(isReached).length
  console.log(`${reached} of ${judged.length} targets reached.`)
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    console.log(usage)
    return
  }
  const machine = describeMachine()
  console.log(
    `waybill beside @segment/actions-core ${machine.reference}, ${options.budget}: medians of ${budgets[options.budget].rounds} interleaved rounds.`,
  )
  console.log(
    `Node ${machine.node}, ${machine.cores} x ${machine.cpu}, load ${machine.load.toFixed(1)} before the start.\n`,
  )
  const results = await measureCases(options)
  conclude(results)
  const report = { machine, budget: options.budget, results }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.chart) writeFileSync(options.chart, chart(report))
  // Only a case that could not be measured is a failure; a target that was not reached is a figure.
  if (results.some(({ problem }) => problem !== undefined)) process.exitCode = 1
}

main().catch((error) => {
  console.error(`${error.message}\n\n${usage}`)
  process.exitCode = 2
})
