/** Milliseconds without a step forward after which a connection counts as making no progress, at least. */
const patienceMs = 2_000

/** Whether a connection gets anything done. Times in milliseconds by the monotonic clock. */
export type Progress = {
  /** An attempt begins, and nothing else is in flight or waits to be tried again. */
  began(now: number): void
  /** The destination gave a final response to an attempt that began at `startedAt`. */
  stepped(startedAt: number, now: number): void
  /** Nothing is to be expected before `time`: a job of the destination goes on. */
  expectNothingBefore(time: number): void
  /** Whether the attempts of late all failed or hang. */
  isStuck(now: number): boolean
}

/** Starts watching a connection; `gapMs`: milliseconds that its rate puts between two starts. */
export function createProgress(gapMs: number): Progress {
  let since = 0
  let longestMs = 0
  let quietUntil = 0
  return {
    began(now) {
      if (now > since) since = now
    },
    stepped(startedAt, now) {
      since = now
      // Forgets a slow spell little by little.
      longestMs = Math.max(now - startedAt, longestMs * 0.99)
    },
    expectNothingBefore(time) {
      if (time > quietUntil) quietUntil = time
    },
    isStuck(now) {
      const patience = Math.max(patienceMs, 2 * longestMs, 2 * gapMs)
      return now > quietUntil && now - since > patience
    },
  }
}
