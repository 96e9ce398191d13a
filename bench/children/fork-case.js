const { fork } = require('node:child_process')
const { join } = require('node:path')

/**
 * Runs a case in a process of its own, so that no case meets what another left in memory. Gives its rows, or the
 * problem. `files` are a certificate that the process is to trust, and its key.
 */
function forkCase(name, budget, files) {
  const child = fork(
    join(__dirname, 'run-case.js'),
    [name, budget, ...(files === undefined ? [] : [files.certificate, files.key])],
    files === undefined ? {} : { env: { ...process.env, NODE_EXTRA_CA_CERTS: files.certificate } },
  )
  return new Promise((resolve) => {
    let result = { problem: 'the process ended without a word' }
    child.once('message', (message) => {
      result = message
    })
    child.once('exit', () => resolve(result))
  })
}

module.exports = { forkCase }
