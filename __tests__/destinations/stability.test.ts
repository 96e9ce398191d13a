import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/** The usual run tries one destination once; the long one all of them, 20 times. */
const [runs, which] = process.env.WAYBILL_LONG ? ['20', '/snapshot'] : ['1', 'emarsys/snapshot']
const script = resolve(__dirname, '../../scripts/check-stability.js')
const args = ['--runInBand', '--testPathPatterns', `__tests__/destinations/.*${which.replace('/', '/.*')}`]

test('snapshots are the same in any time zone and with the clock moved by a year', () => {
  const { stdout, status } = spawnSync(process.execPath, [script, runs, ...args], {
    encoding: 'utf8',
    env: { ...process.env },
  })
  expect(stdout).toContain(`run ${runs} of ${runs}, `)
  expect(stdout).toContain('passed')
  expect(stdout).not.toContain('FAILED')
  expect(status).toBe(0)
}, 900_000)
