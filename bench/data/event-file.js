const { closeSync, openSync, writeSync } = require('node:fs')
const { mixed } = require('./events')

const perWrite = 1_000

/** Writes NDJSON: so many events, all kinds in turn, each with a messageId of its own. */
function writeEventFile(path, count) {
  const file = openSync(path, 'w')
  try {
    for (let start = 0; start < count; start += perWrite) {
      const size = Math.min(perWrite, count - start)
      writeSync(file, Array.from({ length: size }, (_, index) => lineOf(start + index)).join(''))
    }
  } finally {
    closeSync(file)
  }
}

const lineOf = (index) => {
  const event = mixed[index % mixed.length]
  return `${JSON.stringify({ ...event, messageId: `${event.messageId}-${index}` })}\n`
}

module.exports = { writeEventFile }
