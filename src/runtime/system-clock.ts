import type { Clock } from './options'

/** The clock of the machine. Its timers keep the process alive: what waits for them is not yet delivered. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
