import { spawn, spawnSync } from 'node:child_process'

/** Places at which a worker can be told to kill itself: around its calls, and inside the commits of the SQLite store. */
export const killPoints = [
  'before put',
  'after put',
  'before claim',
  'after claim',
  'before send',
  'after response',
  'before settle',
  'after settle',
  'in dead',
  'in promote',
  'before commit',
  'in checkpoint',
] as const
export type KillPoint = (typeof killPoints)[number]

const statements: Partial<Record<KillPoint, RegExp>> = {
  'in dead': /INSERT INTO dead_count/,
  'in promote': /max\(\?1, not_before\)/,
}

/** Passes places, and ends the process without any mercy at the nth passage of the one that was named. */
export function createKillPoints(point: KillPoint | undefined, nth: number): (place: KillPoint) => void {
  let passages = 0
  const pass = (place: KillPoint): void => {
    if (place !== point) return
    passages += 1
    if (passages === nth) spawnSync('kill', ['-9', String(process.pid)])
  }
  if (point !== undefined) watchBinding(point, nth, pass)
  return pass
}

/** Puts places into the binding, so that the store itself carries no code for tests. */
function watchBinding(point: KillPoint, nth: number, pass: (place: KillPoint) => void): void {
  const Libsql = require('libsql') as { prototype: Record<'prepare' | 'exec', (text: string) => unknown> }
  const { prepare, exec } = Libsql.prototype
  let commits = 0
  Libsql.prototype.exec = function (text) {
    if (text === 'COMMIT') pass('before commit')
    const result = exec.call(this, text)
    if (text === 'COMMIT' && point === 'in checkpoint') {
      commits += 1
      if (commits === nth) {
        // The kill comes while the log is being copied, again and again.
        spawn('kill', ['-9', String(process.pid)])
        for (;;) exec.call(this, 'PRAGMA wal_checkpoint(TRUNCATE)')
      }
    }
    return result
  }
  Libsql.prototype.prepare = function (text) {
    const statement = prepare.call(this, text) as Record<'run' | 'all', (values: unknown) => unknown>
    if (statements[point]?.test(text))
      for (const name of ['run', 'all'] as const) {
        const original = statement[name]
        statement[name] = function (values) {
          const result = original.call(this, values)
          pass(point)
          return result
        }
      }
    return statement
  }
}
