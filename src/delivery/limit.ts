import { createRate } from './rate'
import { createWaitingLine } from './waiting-line'

/** Where a limiter gets time from. */
export type LimiterClock = {
  now(): number
  /** Milliseconds that never run backwards. Default: `now`. */
  monotonic?(): number
  after(ms: number, task: () => void): () => void
}

/** Who waits for a place. */
export type Waiter = { start(): void }

/** Bounds how many requests of one credential are in flight, and how many start per second. */
export type Limiter = {
  /** Takes a place if there is one now: no waiting, no allocation. */
  tryAcquire(): boolean
  /** Calls `start` once with a place, in the order of the calls. The result withdraws the wish. */
  acquire(waiter: Waiter | (() => void)): () => void
  /** Withdraws everyone who waits and passes the test. */
  withdraw(test: (waiter: Waiter) => boolean): Waiter[]
  release(): void
  /** Takes a place whatever the limits say: for one that sends nothing and is given back at once. */
  retake(): void
  /** Gives out no place before `time`, by the monotonic clock: the destination asked to wait. */
  pauseUntil(time: number): void
  /** Ends a pause at once. */
  resume(): void
  /** Calls `task` once, when no more than `limit` wait for a place. The result withdraws it. */
  whenWaitingAtMost(limit: number, task: () => void): () => void
  readonly inFlight: number
  /** How many wait for a place. */
  readonly waiting: number
  /** How many may be in flight. */
  readonly concurrency: number
}

/**
 * Creates a limiter. Without a rate and without a pause it does not look at the clock. With a rate, no window of one
 * second sees more starts than it.
 */
export function createLimiter(options: {
  readonly concurrency: number
  readonly requestsPerSecond?: number | undefined
  readonly clock: LimiterClock
}): Limiter {
  const { concurrency, requestsPerSecond, clock } = options
  const time = (): number => (clock.monotonic === undefined ? clock.now() : clock.monotonic())
  const rate = requestsPerSecond === undefined ? undefined : createRate(requestsPerSecond, time())
  const waiting = createWaitingLine<Waiter>()
  let inFlight = 0
  let pausedUntil = 0
  let isServing = false
  let cancelTimer: (() => void) | undefined
  const watchers = new Set<{ readonly limit: number; readonly task: () => void }>()

  /** Milliseconds until time alone would allow a start; 0 when it does now. */
  const waitMs = (): number => {
    if (rate === undefined && pausedUntil === 0) return 0
    const now = time()
    if (pausedUntil > now) return pausedUntil - now
    pausedUntil = 0
    return rate?.waitMs(now) ?? 0
  }
  const take = (): boolean => {
    if (inFlight >= concurrency || waitMs() > 0) return false
    inFlight += 1
    rate?.take(time())
    return true
  }
  const noteLeft = (): void => {
    for (const watcher of watchers)
      if (waiting.length <= watcher.limit) {
        watchers.delete(watcher)
        watcher.task()
      }
  }
  /** Starts that end at once release within the loop rather than serve by themselves, which keeps the stack flat. */
  const serveAll = (): void => {
    isServing = true
    try {
      while (waiting.length > 0 && take()) {
        const waiter = waiting.shift() as Waiter
        if (watchers.size > 0) noteLeft()
        waiter.start()
      }
    } finally {
      isServing = false
    }
  }
  const serve = (): void => {
    if (isServing) return
    serveAll()
    // Waits only ever grow longer, but for `resume`, so a timer that is set is never too late.
    if (cancelTimer !== undefined || waiting.length === 0 || inFlight >= concurrency) return
    cancelTimer = clock.after(waitMs(), () => {
      cancelTimer = undefined
      serve()
    })
  }
  const stopTimer = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
  }

  return {
    tryAcquire: () => waiting.length === 0 && take(),
    acquire(waiter) {
      const withdraw = waiting.enter(typeof waiter === 'function' ? { start: waiter } : waiter)
      serve()
      return () => {
        if (!withdraw()) return
        noteLeft()
        if (waiting.length === 0) stopTimer()
      }
    },
    withdraw(test) {
      const withdrawn = waiting.take(test)
      if (withdrawn.length > 0) noteLeft()
      if (waiting.length === 0) stopTimer()
      return withdrawn
    },
    release() {
      inFlight -= 1
      if (waiting.length > 0) serve()
    },
    retake() {
      inFlight += 1
    },
    pauseUntil(until) {
      if (until > pausedUntil) pausedUntil = until
    },
    resume() {
      pausedUntil = 0
      stopTimer()
      serve()
    },
    whenWaitingAtMost(limit, task) {
      const watcher = { limit, task }
      watchers.add(watcher)
      noteLeft()
      return () => watchers.delete(watcher)
    },
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return waiting.length
    },
    concurrency,
  }
}
