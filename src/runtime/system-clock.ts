import type { Clock } from './options'

/** A clock that the runtime works with. */
export type RunningClock = Required<Clock>

/** Longer timers of the platform fire at once. */
const maxTimerMs = 2_147_483_647

/** Read once: the platform's `performance` is a getter that costs as much as the time itself. */
const { performance } = globalThis

/** The clock of the machine. Its timers keep the process alive: what waits for them is not yet delivered. */
export const systemClock: RunningClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    let timer: ReturnType<typeof setTimeout>
    const wait = (leftMs: number): void => {
      timer =
        leftMs <= maxTimerMs
          ? setTimeout(task, leftMs)
          : setTimeout(() => wait(leftMs - maxTimerMs), maxTimerMs)
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
}

/** The clock of the options; one without `monotonic` counts as never set back. */
export function runningClock(clock: Clock | undefined): RunningClock {
  if (clock === undefined) return systemClock
  return {
    now: () => clock.now(),
    monotonic: clock.monotonic === undefined ? () => clock.now() : clock.monotonic.bind(clock),
    after: (ms, task) => clock.after(ms, task),
  }
}

/** Milliseconds since the epoch as ISO 8601; times that no calendar holds become its last day. */
export const isoTime = (ms: number): string =>
  new Date(Math.min(Math.max(ms, -8.64e15), 8.64e15) || 0).toISOString()
