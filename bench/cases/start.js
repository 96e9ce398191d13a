const { execFileSync } = require('node:child_process')
const { join } = require('node:path')
const { timeProgram } = require('../children/time-program')
const { median } = require('../statistics')
const { commandLine } = require('../waybill-compiled')

const root = join(__dirname, '../..')
const programs = {
  empty: ['-e', '0'],
  waybill: ['-e', 'require("waybill")'],
  destination: ['-e', 'require("waybill"); require("waybill/destinations/zaius")'],
  runtime: [
    '-e',
    'require("waybill").createRuntime({ connections: [{ destination: require("waybill/destinations/zaius").zaius, settings: { apiKey: "bench-tracker" }, subscriptions: "presets" }] })',
  ],
  reference: ['-e', 'require("@segment/actions-core")'],
  help: [commandLine, '--help'],
}

/** Load times, and the size of the package without what it depends on. */
module.exports = {
  name: 'start',
  title: 'Start-up and size',
  needsBuild: true,
  async run(budget) {
    const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]))
    for (let round = 0; round < budget.starts; round++)
      for (const name of round % 2 === 0 ? Object.keys(programs) : Object.keys(programs).toReversed())
        times[name].push(await timeProgram(programs[name], { cwd: root }))
    const overEmpty = (name) => median(times[name].map((time, round) => time - times.empty[round]))
    return [
      { name: "require('waybill') over an empty Node", value: overEmpty('waybill'), unit: 'ms', limit: 60 },
      {
        name: "require('waybill') and a destination over an empty Node",
        value: overEmpty('destination'),
        unit: 'ms',
        limit: 60,
      },
      {
        name: 'the same and a runtime with one connection',
        value: overEmpty('runtime'),
        unit: 'ms',
      },
      {
        name: "require('@segment/actions-core') over an empty Node",
        value: overEmpty('reference'),
        unit: 'ms',
      },
      { name: 'an empty Node', value: median(times.empty), unit: 'ms' },
      { name: 'waybill --help', value: median(times.help), unit: 'ms', limit: 150 },
      { name: 'the package, unpacked', value: packedMegabytes(), unit: 'MB', limit: 4 },
    ]
  },
}

function packedMegabytes() {
  const parameters = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const [{ unpackedSize }] = JSON.parse(
    execFileSync('npm', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  return unpackedSize / 1024 / 1024
}
