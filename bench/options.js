const { parseArgs } = require('node:util')
const { budgets } = require('./budget')
const { caseNames } = require('./cases/names')

const usage = `npm run bench -- [options]

  --short            under a minute; the full measurement takes about ten
  --only a,b         some cases: ${caseNames.join(', ')}
  --json FILE        write the figures as JSON
  --chart FILE.svg   write the chart
  --help`

/**
 * Reads the command line.
 * @throws RangeError, or what parseArgs throws, for what it does not know.
 */
function readOptions(parameters) {
  const { values } = parseArgs({
    args: parameters,
    options: {
      short: { type: 'boolean', default: false },
      budget: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      chart: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const budget = values.budget ?? (values.short ? 'short' : 'full')
  if (!Object.hasOwn(budgets, budget)) throw new RangeError(`there is no budget "${budget}"`)
  const only = values.only?.split(',') ?? caseNames
  const unknown = only.filter((name) => !caseNames.includes(name))
  if (unknown.length > 0)
    throw new RangeError(`there is no case ${unknown.join(', ')}; there are ${caseNames.join(', ')}`)
  return { budget, only, json: values.json, chart: values.chart, help: values.help }
}

module.exports = { readOptions, usage }
