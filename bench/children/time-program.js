const { spawn } = require('node:child_process')
const { once } = require('node:events')

/** Runs a Node program to its end. Gives milliseconds. @throws RangeError unless it ends well. */
async function timeProgram(parameters, { cwd = __dirname } = {}) {
  const startedAt = performance.now()
  const child = spawn(process.execPath, parameters, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new RangeError(`node ${parameters.join(' ')} ended with ${code}`)
  return performance.now() - startedAt
}

module.exports = { timeProgram }
