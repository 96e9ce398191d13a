import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killPoints } from './kill-points'
import { runKills } from './run-kills'

const folder = mkdtempSync(join(tmpdir(), 'waybill-kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inFlight = 64

test('nothing accepted is lost when the process is killed 8 times at any time and at each of 12 places', async () => {
  const kills = [
    ...Array.from({ length: 8 }, () => 'any time' as const),
    ...killPoints.map((at) => ({ at, nth: 3 })),
  ]
  const report = await runKills({ store: join(folder, 'kill.db'), kills })
  expect(report).toMatchObject({ faults: [], missedPoints: [], errors: [] })
  expect(report.accepted).toBeGreaterThan(100)
  // Generous: the machine may be busy, and then more responses lie unread when the kill comes.
  expect(report.repeated).toBeLessThan((kills.length * inFlight) / 2)
}, 180_000)
