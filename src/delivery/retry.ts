/** How long and how often an item is tried again. All times in milliseconds. */
export type RetryPolicy = {
  /** From the first attempt; nothing is begun later than this. 0: never again. */
  readonly forMs: number
  /** Attempts in all; Infinity for no limit. */
  readonly maxAttempts: number
  /** Ceiling of the first wait; it doubles with each attempt. */
  readonly minMs: number
  readonly maxMs: number
}

/** A gentle default: once a second at first, every five minutes at last. */
export const defaultRetryPolicy: RetryPolicy = {
  forMs: 0,
  maxAttempts: Infinity,
  minMs: 1_000,
  maxMs: 300_000,
}

/** Where an item stands after a failed attempt. */
export type RetryState = {
  /** Attempts made, from 1. */
  readonly attempt: number
  /** Milliseconds since the first attempt began. */
  readonly elapsedMs: number
  /** Milliseconds that the destination asked to wait. */
  readonly afterMs?: number | undefined
  /** From 0 up to 1. */
  readonly random: number
}

/**
 * Milliseconds until the next attempt, or undefined when there is none. Exponential back-off with full jitter: a
 * random time below a ceiling that doubles. A wait that the destination asked for is a lower bound, with the jitter
 * on top; when it ends beyond the window there is no next attempt, since an earlier one would not respect it.
 */
export function nextAttemptMs(policy: RetryPolicy, state: RetryState): number | undefined {
  if (state.attempt >= policy.maxAttempts) return undefined
  const remainingMs = policy.forMs - state.elapsedMs
  if (remainingMs <= 0) return undefined
  const ceiling = Math.min(policy.maxMs, policy.minMs * 2 ** Math.min(state.attempt - 1, 30))
  const jitter = Math.floor(state.random * ceiling)
  if (state.afterMs === undefined) return Math.min(jitter, remainingMs)
  if (state.afterMs > remainingMs) return undefined
  return Math.min(state.afterMs + Math.min(jitter, policy.minMs), remainingMs)
}
