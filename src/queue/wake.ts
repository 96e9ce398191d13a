/** The longest that a claim sleeps, in milliseconds: a clock may jump, and timers do not see it. */
const longestSleepMs = 1000

/** Lets claims sleep until there may be work. */
export type Wake = {
  /** There may be work: all sleepers look. */
  wake(): void
  /** How often there was a wake so far. */
  count(): number
  /** Sleeps until `wake`, until the signal fires, or for that long; not at all where there was a wake after `since`. */
  sleep(ms: number, signal?: AbortSignal, since?: number): Promise<void>
}

export function createWake(): Wake {
  const sleepers = new Set<() => void>()
  let count = 0
  return {
    count: () => count,
    wake() {
      count += 1
      for (const rise of [...sleepers]) rise()
    },
    sleep: (ms, signal, since = count) =>
      new Promise((resolve) => {
        const rise = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', rise)
          sleepers.delete(rise)
          resolve()
        }
        const timer = setTimeout(rise, Math.max(0, Math.min(ms, longestSleepMs)))
        sleepers.add(rise)
        if (signal?.aborted || since !== count) rise()
        else signal?.addEventListener('abort', rise)
      }),
  }
}
