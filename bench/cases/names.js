/** All cases, in the order in which they run. Each is a file of this folder. */
const caseNames = [
  'filter',
  'mapping',
  'payload',
  'json-body',
  'event',
  'facade',
  'batch',
  'http',
  'http-batch',
  'connections',
  'isolation',
  'file',
  'run',
  'ingest',
  'ingest-latency',
  'open',
  'memory',
  'store',
  'store-growth',
  'start',
]

const loadCase = (name) => require(`./${name}`)

module.exports = { caseNames, loadCase }
