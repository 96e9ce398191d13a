const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { startSink } = require('./start-sink')

/**
 * Runs `work` with one sink per protocol: http, and https where there is a certificate (which this process has to
 * trust, by `NODE_EXTRA_CA_CERTS`).
 */
async function withSinks(certificate, work) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-sink-'))
  const sinks = []
  try {
    sinks.push({ protocol: 'http', ...(await startSink(folder)) })
    if (certificate !== undefined)
      sinks.push({ protocol: 'https', ...(await startSink(folder, certificate)) })
    return await work(sinks)
  } finally {
    for (const { stop } of sinks) stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { withSinks }
