import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../support/start-postgres'
import { killPoints } from './kill-points'
import { type KillRun, runKills } from './run-kills'

/** `npm run test:kill`: kills workers, and databases, as often as it is told, and says what was lost, repeated or out of order. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'sqlite' },
      kills: { type: 'string' },
      points: { type: 'string' },
      'server-kills': { type: 'string' },
    },
  })
  const isPostgres = values.store === 'postgres'
  const count = Number(values.kills ?? (isPostgres ? 200 : 1000))
  const perPoint = isPostgres ? 0 : Number(values.points ?? 20)
  const serverKills = isPostgres ? Number(values['server-kills'] ?? 50) : 0
  const folder = mkdtempSync(join(tmpdir(), 'waybill-kill-'))
  const postgres = isPostgres ? await startPostgres() : undefined
  const store = postgres?.url ?? join(folder, 'kill.db')
  try {
    const rounds: [string, KillRun['kills']][] = [
      ['at any time', Array.from({ length: count }, () => 'any time' as const)],
      [
        `at ${killPoints.length} places`,
        killPoints.flatMap((at) => Array.from({ length: perPoint }, (_, index) => ({ at, nth: 1 + index }))),
      ],
      ['the database server', Array.from({ length: serverKills }, () => 'server' as const)],
    ]
    for (const [name, kills] of rounds) {
      if (kills.length === 0) continue
      const started = Date.now()
      const killServer = postgres && { killServer: postgres.kill }
      const report = await runKills({ store, kills, ...killServer })
      const { faults, missedPoints, errors, ...figures } = report
      console.log(
        `${name}: ${JSON.stringify({ ...figures, perKill: Number((report.repeated / kills.length).toFixed(1)), seconds: Math.round((Date.now() - started) / 1000) })}`,
      )
      const kinds = new Map<string, number>()
      for (const { kind } of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      console.log(
        faults.length === 0 ? '  no fault' : `  FAULTS ${JSON.stringify([...kinds])}`,
        faults.slice(0, 5),
      )
      if (missedPoints.length > 0) console.log(`  places that were not reached: ${missedPoints.join(', ')}`)
      if (errors.length > 0) console.log(`  errors of workers: ${errors.join('; ')}`)
      if (faults.length > 0) process.exitCode = 1
    }
  } finally {
    await postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
void main()
