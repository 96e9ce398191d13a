const { cpus, loadavg, totalmem } = require('node:os')
const { version: reference } = require('../reference')

/** Where and on what was measured. */
const describeMachine = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
  /** How much else ran, over the last minute, in processes; the bench itself is one or two. */
  load: loadavg()[0],
  reference,
  undici: require('undici/package.json').version,
})

module.exports = { describeMachine }
