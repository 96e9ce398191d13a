import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { QueueError } from '../../errors'
import { type Database, openDatabase } from './database'

/**
 * Makes a file and its folder, readable for their owner alone; leaves what is there as it is. A file that is there is not even
 * opened: closing it would drop the locks that this process has on it.
 */
function createPrivateFile(file: string): void {
  if (existsSync(file)) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'wx', 0o600))
  } catch (cause) {
    if (existsSync(file)) return
    throw new QueueError('QUEUE_UNAVAILABLE', `${file} cannot be made: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function ownerOf(file: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; since: string }
    return `process ${pid}, since ${since}`
  } catch {
    return 'another process'
  }
}

/** One process owns a store: it alone writes. */
export type Ownership = {
  /** The file itself, where the given one is a link to it. */
  readonly file: string
  release(): void
}

/**
 * Takes the store for this process. The lock is the system's, on a file of its own: it ends with the process, however that ends,
 * and readers are not kept out.
 * @throws QueueError QUEUE_IN_USE that names the owner.
 */
export function own(given: string): Ownership {
  const path = resolve(given)
  createPrivateFile(path)
  const file = realpathSync(path)
  createPrivateFile(`${file}-lock`)
  const lock: Database = openDatabase(`${file}-lock`)
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new QueueError(
      'QUEUE_IN_USE',
      `${given} is in use by ${ownerOf(`${file}-owner`)}. One process at a time works on a store: end that one, or name another file. Reading (status, dead letters) is possible meanwhile.`,
      { cause },
    )
  }
  const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  try {
    writeFileSync(`${file}-owner`, JSON.stringify(owner), { mode: 0o600 })
  } catch {
    // The lock holds without it; a full disk must not keep what waits from being delivered.
  }
  return { file, release: () => lock.close() }
}
