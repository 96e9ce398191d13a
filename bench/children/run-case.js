/** Runs one case and sends its rows, or why there are none, to the process that forked this one. */
const { budgets } = require('../budget')
const { loadCase } = require('../cases/names')

async function main([name, budget, certificate, key]) {
  const context = certificate === undefined ? {} : { certificate: { certificate, key } }
  try {
    process.send({ rows: await loadCase(name).run(budgets[budget], context) })
  } catch (error) {
    process.send({ problem: error.message, isUnequal: error.name === 'UnequalOutputs' })
  }
  process.disconnect()
}

main(process.argv.slice(2))
