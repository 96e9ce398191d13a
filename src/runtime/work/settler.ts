import type { Queue, Settlement } from '../../queue/queue'

/** Settlements that travel together. */
const batchSize = 200
/** Milliseconds between two tries at a store that fails; doubles up to the second. */
const backOffMs = 100
const longestBackOffMs = 5_000

/** Brings settlements to the store, many at a time, and again where it fails. */
export type Settler = {
  add(settlement: Settlement): void
  /** Resolves when everything is settled, or given up. */
  flush(): Promise<void>
}

/**
 * Creates a settler. What it cannot bring in `giveUpMs`, the leases end of by themselves: the store then gives the
 * delivery out again as one that may have arrived.
 */
export function createSettler(queue: Queue, giveUpMs: number, report: (error: unknown) => void): Settler {
  const waiting: Settlement[] = []
  let running: Promise<void> | undefined

  const bring = async (settlements: readonly Settlement[]): Promise<void> => {
    const startedAt = performance.now()
    for (let waitMs = backOffMs; ; waitMs = Math.min(waitMs * 2, longestBackOffMs)) {
      try {
        await queue.settle(settlements)
        return
      } catch (error) {
        report(error)
        const isOver = (error as { code?: unknown }).code === 'QUEUE_CLOSED'
        if (isOver || performance.now() - startedAt + waitMs > giveUpMs) return
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }
  const run = async (): Promise<void> => {
    // Whatever ends in the same turn goes along.
    await new Promise<void>((resolve) => setImmediateOrSoon(resolve))
    while (waiting.length > 0) await bring(waiting.splice(0, batchSize))
    running = undefined
  }

  return {
    add(settlement) {
      waiting.push(settlement)
      running ??= run()
    },
    async flush() {
      while (running !== undefined) await running
    },
  }
}

const setImmediateOrSoon: (task: () => void) => void =
  typeof setImmediate === 'function' ? (task) => void setImmediate(task) : (task) => void setTimeout(task, 0)
