/** Where a limiter gets time from. */
export type LimiterClock = {
  now(): number
  after(ms: number, task: () => void): () => void
}

/** Bounds how many requests of one credential are in flight, and how many start per second. */
export type Limiter = {
  /** Takes a place if there is one now: no waiting, no allocation. */
  tryAcquire(): boolean
  /** Calls `start` once with a place, in the order of the calls. The result withdraws the wish. */
  acquire(start: () => void): () => void
  release(): void
  /** Gives out no place before `time` (milliseconds since the epoch): the destination asked to wait. */
  pauseUntil(time: number): void
  readonly inFlight: number
}

/**
 * Creates a limiter. The rate is a token bucket that holds a tenth of a second's worth (at least one), so that a
 * quiet second is not followed by a burst.
 */
export function createLimiter(options: {
  readonly concurrency: number
  readonly requestsPerSecond?: number | undefined
  readonly clock: LimiterClock
}): Limiter {
  const { concurrency, requestsPerSecond, clock } = options
  const capacity = requestsPerSecond === undefined ? Infinity : Math.max(1, requestsPerSecond / 10)
  const waiting = new Set<() => void>()
  let inFlight = 0
  let tokens = capacity
  let filledAt = requestsPerSecond === undefined ? 0 : clock.now()
  let pausedUntil = 0
  let cancelTimer: (() => void) | undefined

  const refill = (now: number): void => {
    if (requestsPerSecond === undefined) return
    tokens = Math.min(capacity, tokens + ((now - filledAt) / 1000) * requestsPerSecond)
    filledAt = now
  }
  /** Milliseconds until time alone would allow a start; 0 when it does now. */
  const waitMs = (): number => {
    if (requestsPerSecond === undefined && pausedUntil === 0) return 0
    const now = clock.now()
    refill(now)
    if (pausedUntil > now) return pausedUntil - now
    pausedUntil = 0
    if (requestsPerSecond === undefined || tokens >= 1) return 0
    return Math.ceil(((1 - tokens) / requestsPerSecond) * 1000)
  }
  const take = (): boolean => {
    if (inFlight >= concurrency || waitMs() > 0) return false
    inFlight += 1
    if (requestsPerSecond !== undefined) tokens -= 1
    return true
  }
  const serve = (): void => {
    for (const start of waiting) {
      if (!take()) break
      waiting.delete(start)
      start()
    }
    const ms = waiting.size > 0 && inFlight < concurrency ? waitMs() : 0
    if (ms > 0 && cancelTimer === undefined)
      cancelTimer = clock.after(ms, () => {
        cancelTimer = undefined
        serve()
      })
  }

  return {
    tryAcquire: () => waiting.size === 0 && take(),
    acquire(start) {
      const wish = (): void => start()
      waiting.add(wish)
      serve()
      return () => waiting.delete(wish)
    },
    release() {
      inFlight -= 1
      if (waiting.size > 0) serve()
    },
    pauseUntil(time) {
      if (time > pausedUntil) pausedUntil = time
    },
    get inFlight() {
      return inFlight
    },
  }
}
