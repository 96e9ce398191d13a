/**
 * Milliseconds that only grow, beside the given clock. While that one goes forward, this one goes with it (a machine that
 * slept finds its retries due); when that one is set back, this one goes on, so that nothing waits for the hour to come again.
 */
export type StoreClock = {
  now(): number
  /** What the given clock says when this one says `time`. */
  toWall(time: number): number
  fromWall(time: number): number
}

/** `startAt`: where an earlier process had arrived, so that a clock set back between two runs holds nothing up. */
export function createStoreClock(wall: () => number = Date.now, startAt = 0): StoreClock {
  let lastWall = wall()
  let lastMonotonic = performance.now()
  let time = Math.max(lastWall, startAt)

  function now(): number {
    const wallNow = wall()
    const monotonicNow = performance.now()
    time += wallNow >= lastWall ? wallNow - lastWall : Math.round(monotonicNow - lastMonotonic)
    lastWall = wallNow
    lastMonotonic = monotonicNow
    return time
  }
  const ahead = (): number => now() - lastWall
  return { now, toWall: (at) => at - ahead(), fromWall: (at) => at + ahead() }
}
