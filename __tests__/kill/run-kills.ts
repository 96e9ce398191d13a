import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { checkHistory, type Recorded, type Verdict } from './check-history'
import type { KillPoint } from './kill-points'
import { scriptOf } from './script-of'
import type { WorkerOptions } from './worker'

export type KillRun = {
  /** A file, or `postgres://...`. */
  readonly store: string
  /** One entry for each kill: at a place, or at any time. */
  readonly kills: readonly ({ readonly at: KillPoint; readonly nth: number } | 'any time' | 'server')[]
  /** Kills the database; for `server`. */
  readonly killServer?: () => Promise<void>
  readonly leaseMs?: number
}

export type KillReport = Verdict & {
  readonly kills: number
  readonly drainMs: number
  readonly lateSettlements: number
  readonly errors: readonly string[]
  /** Kills at places that were never reached; they came at a later time. */
  readonly missedPoints: readonly string[]
}

const register = join(__dirname, '../support/register-typescript.js')
const run = (file: string, parameter?: WorkerOptions): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--conditions=waybill-source',
      '-r',
      register,
      join(__dirname, file),
      ...(parameter ? [JSON.stringify(parameter)] : []),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Never the same in two runs, since ids are made of it and a store remembers ids. */
let life = 0

/** Accepts, delivers, kills and starts again; then drains, and holds the history against the promises. */
export async function runKills({ store, kills, killServer, leaseMs = 2000 }: KillRun): Promise<KillReport> {
  const server = run('recording-server.ts')
  const port = Number(
    await new Promise<string>((resolve) => server.stdout?.once('data', (line) => resolve(String(line)))),
  )
  const accepted: string[] = []
  const killed: { life?: number; at: number }[] = []
  const errors = new Set<string>()
  const missedPoints: string[] = []
  let late = 0
  let dead: string[] | undefined

  function start(produces: boolean, point?: { at: KillPoint; nth: number }) {
    life += 1
    const child = run('worker.ts', {
      ...{ life, port, store, leaseMs, produces, nth: point?.nth ?? 0 },
      ...(point && { killPoint: point.at }),
    })
    const ended = new Promise<void>((resolve) =>
      child.once('close', (code, signal) => {
        if (signal !== 'SIGKILL' && code !== 0) errors.add(`a worker ended by itself with code ${code}`)
        resolve()
      }),
    )
    const ready = new Promise<void>((resolve) => {
      void ended.then(resolve)
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const [word] = line.split(' ', 1)
        let value: unknown
        try {
          value = JSON.parse(line.slice((word ?? '').length + 1))
        } catch {
          return // Cut off by the kill.
        }
        if (word === 'ready') resolve()
        else if (word === 'accepted') accepted.push(...(value as string[]))
        else if (word === 'late') late += value as number
        else if (word === 'finished') dead = (value as { dead: string[] }).dead
        else errors.add(String(value).slice(0, 120))
      })
    })
    return { child, ended, ready }
  }

  let current: ReturnType<typeof start> | undefined
  try {
    for (const kill of kills) {
      const point = typeof kill === 'object' ? kill : undefined
      if (kill !== 'server' || current === undefined) current = start(true, point)
      await current.ready
      if (kill === 'server') {
        await sleep(400 + Math.random() * 800)
        killed.push({ at: Date.now() })
        await killServer?.()
        killed.push({ at: Date.now() })
        continue
      }
      // A place kills by itself; where it is not reached, or at any time, we do.
      await Promise.race([current.ended, sleep(point ? 8000 : 50 + Math.random() * 400)])
      if (point && current.child.exitCode === null && current.child.signalCode === null)
        missedPoints.push(`${point.at} ${point.nth}`)
      current.child.kill('SIGKILL')
      await current.ended
      killed.push({ life, at: Date.now() })
      current = undefined
    }
    if (current !== undefined) {
      current.child.kill('SIGKILL')
      await current.ended
      killed.push({ life, at: Date.now() })
    }
    const drainStart = Date.now()
    current = start(false)
    while (dead === undefined && Date.now() - drainStart < 60_000) await sleep(50)
    const drainMs = Date.now() - drainStart
    const requests = (await (await fetch(`http://127.0.0.1:${port}/log`)).json()) as Recorded[]
    const waiting = dead === undefined ? 1 : 0
    const verdict = checkHistory({
      ...{ accepted, requests, kills: killed, dead: dead ?? [], waiting, leaseMs, scriptOf },
    })
    return {
      ...verdict,
      ...{ kills: kills.length, drainMs, lateSettlements: late, errors: [...errors], missedPoints },
    }
  } finally {
    current?.child.kill('SIGKILL')
    server.kill('SIGKILL')
  }
}
