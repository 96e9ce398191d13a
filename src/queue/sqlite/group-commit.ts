import { QueueError } from '../../errors'
import type { Database } from './database'

/** Works of one tick become one commit, or of several where they are many. */
export type GroupCommit = {
  /** Resolves with what the work returned when its commit is done. `weight`: rows, roughly. */
  add<T>(work: Work<T>, weight: number): Promise<T>
  /** Commits what waits, at once. */
  flush(): void
}

/** Runs within the transaction. What it changes in memory it takes back through `undo` when the commit fails. */
export type Work<T> = (undo: (takeBack: () => void) => void) => T

type Waiting = { run: Work<unknown>; resolve: (value: never) => void; reject: (error: unknown) => void }

/** A larger group gains nothing and stops the process for longer. */
const largestGroup = 200

/**
 * The first work waits for the rest of its tick: while a commit is on its way to the disk, what arrives gathers for the next.
 * `onError` may mend what made a commit fail; when it says so, the commit is tried once more.
 */
export function createGroupCommit(
  database: Database,
  onError: (error: unknown) => boolean = () => false,
): GroupCommit {
  let gathered: Waiting[] = []
  let weight = 0
  let timer: NodeJS.Immediate | undefined

  function commitOnce(works: readonly Waiting[]): unknown[] {
    const taken: (() => void)[] = []
    const undo = (takeBack: () => void) => void taken.push(takeBack)
    try {
      return database.transaction(() => works.map(({ run }) => run(undo)))
    } catch (error) {
      for (const takeBack of taken.reverse()) takeBack()
      throw error
    }
  }

  function commit(works: readonly Waiting[]): unknown[] {
    try {
      return commitOnce(works)
    } catch (error) {
      if (!onError(error)) throw error
      return commitOnce(works)
    }
  }

  function flush(): void {
    if (timer !== undefined) clearImmediate(timer)
    timer = undefined
    const works = gathered
    gathered = []
    weight = 0
    if (works.length === 0) return
    let results: unknown[]
    try {
      results = commit(works)
    } catch (error) {
      for (const work of works) work.reject(error)
      return
    }
    works.forEach((work, index) => {
      work.resolve(results[index] as never)
    })
  }

  return {
    flush,
    add: (run, rows) =>
      new Promise((resolve, reject) => {
        gathered.push({ run, resolve, reject })
        weight += rows
        if (weight >= largestGroup) flush()
        else timer ??= setImmediate(flush)
      }),
  }
}

/** The error for calls after `close`. */
export const closedError = (): QueueError => new QueueError('QUEUE_CLOSED', 'the queue is closed')
