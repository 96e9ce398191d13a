/** Decides when the next request may start. */
export type Rate = {
  /** Milliseconds until a start is allowed; 0 when it is now. */
  waitMs(now: number): number
  /** Notes a start. */
  take(now: number): void
}

const windowMs = 1_000

/**
 * Creates a rate that no window of one second exceeds, wherever it begins. A token bucket spreads the starts: it
 * holds a tenth of a second's worth, so that a quiet second is not followed by a burst; and the times of the last
 * second's starts are kept, so that bucket and refill together do not let one too many through.
 */
export function createRate(perSecond: number, now: number): Rate {
  const capacity = Math.max(1, perSecond / 10)
  const starts = new Float64Array(Math.max(1, Math.ceil(perSecond))).fill(-Infinity)
  let oldest = 0
  let tokens = capacity
  let filledAt = now

  const refill = (time: number): void => {
    // A clock that was set back adds nothing.
    tokens = Math.min(capacity, tokens + (Math.max(0, time - filledAt) / 1_000) * perSecond)
    filledAt = time
  }
  return {
    waitMs(time) {
      refill(time)
      const forToken = tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1_000
      const forWindow = Math.min(windowMs, (starts[oldest] as number) + windowMs - time)
      return Math.max(0, Math.ceil(Math.max(forToken, forWindow)))
    },
    take(time) {
      tokens -= 1
      starts[oldest] = time
      oldest = (oldest + 1) % starts.length
    },
  }
}
