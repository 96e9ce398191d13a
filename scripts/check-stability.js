/**
 * Runs the tests again and again, in other time zones and with the clock moved by a year, and stops at the first
 * failure. `node scripts/check-stability.js [runs] [jest arguments]`; 20 runs of the whole suite by default.
 */
const { spawnSync } = require('node:child_process')

const year = 365 * 86_400_000
/** The corners of the world: a day ahead, half an hour off, a day behind, and none. */
const zones = ['UTC', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Pago_Pago']
const shifts = [0, year, -year]

const [given, ...jestArguments] = process.argv.slice(2)
const runs = Number(given ?? 20)
/** One run alone is one that differs from the usual. */
const first = runs === 1 ? 1 : 0
const jest = require.resolve('jest/bin/jest')

for (let run = 0; run < runs; run++) {
  const TZ = zones[(first + run) % zones.length]
  const shift = shifts[(first + run) % shifts.length]
  const { JEST_WORKER_ID: _worker, ...environment } = process.env
  const { status } = spawnSync(process.execPath, [jest, '--ci', '--silent', ...jestArguments], {
    env: { ...environment, TZ, WAYBILL_CLOCK_SHIFT: String(shift) },
    stdio: 'inherit',
  })
  console.log(
    `run ${run + 1} of ${runs}, TZ=${TZ}, clock moved by ${shift / 86_400_000} days: ${status === 0 ? 'passed' : 'FAILED'}`,
  )
  if (status !== 0) process.exit(1)
}
