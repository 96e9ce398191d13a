/**
 * Runs jest and closes with one plain line that says how many tests passed and failed. `--long`: property tests look
 * for new cases, at least 100,000 each; name one file to run it by itself.
 */
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const parameters = process.argv.slice(2).filter((parameter) => parameter !== '--long')
if (parameters.length < process.argv.length - 2) process.env.WAYBILL_LONG = '1'

const folder = mkdtempSync(join(tmpdir(), 'waybill-tests-'))
const file = join(folder, 'results.json')
const jest = require.resolve('jest/bin/jest')
const { status } = spawnSync(
  process.execPath,
  [jest, '--json', `--outputFile=${file}`, '--silent=false', ...parameters],
  { stdio: ['inherit', 'ignore', 'inherit'] },
)
const { numPassedTests, numFailedTests, numPendingTests, numTotalTests } = JSON.parse(
  readFileSync(file, 'utf8'),
)
rmSync(folder, { recursive: true, force: true })
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
process.exitCode = numTotalTests === 0 ? 1 : (status ?? 1)
