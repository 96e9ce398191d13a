import type { PooledConnection } from './pooled-connection'

/** An idle connection that lasted this long has shown that the vendor keeps connections after a response. */
const proofMs = 25
/** Closed within this time after a response, a connection was closed because of it; later, because it was idle. */
const promptlyMs = 1_000
/** How long what was learned of a vendor holds: it may have been restarted, or changed. */
const memoryMs = 30_000
/** A connection that has just answered is used again only when others are not to be had. */
const restMs = 5

/**
 * What is known of how a vendor closes connections. HTTP cannot tell a request on a connection that the other side is
 * just closing from one that was taken, so such a connection must not be used: whoever closes after each response,
 * after some responses, or soon when idle, without a `Connection: close`, is found out before a request depends on it.
 */
export type ClosingHabit = {
  /** The vendor closed a connection. */
  learn(connection: PooledConnection, now: number): void
  /** Milliseconds until an idle connection may be used; 0 when it may be now. */
  waitMs(connection: PooledConnection, now: number): number
  /** Whether an idle connection has rested, which is better than one that has just answered. */
  isRested(connection: PooledConnection, now: number): boolean
  /** Whether a connection must not be used again. */
  isSpent(connection: PooledConnection, now: number): boolean
}

/** Knows nothing at first: the second request waits until the first one's connection has proved to last. */
export function createClosingHabit(): ClosingHabit {
  let isProven = false
  let maxUses = Infinity
  let maxIdleMs = Infinity
  let learnedAt = -Infinity

  const forget = (now: number): void => {
    if (now - learnedAt < memoryMs || (maxUses === Infinity && maxIdleMs === Infinity)) return
    maxUses = Infinity
    maxIdleMs = Infinity
    isProven = false
  }
  return {
    learn({ isIdle, isAwaitingResponse, idleSince, uses }, now) {
      const answered = isIdle ? uses : uses - 1
      if (answered < 1 || (!isIdle && !isAwaitingResponse)) return
      const idleMs = isIdle ? now - idleSince : 0
      learnedAt = now
      if (idleMs < promptlyMs) maxUses = answered
      else maxIdleMs = Math.min(maxIdleMs, idleMs / 2)
    },
    waitMs({ isConnected, idleSince }, now) {
      if (isProven || !isConnected) return 0
      const leftMs = idleSince + proofMs - now
      if (leftMs > 0) return leftMs
      isProven = true
      return 0
    },
    isRested: ({ isConnected, idleSince }, now) => !isConnected || now - idleSince >= restMs,
    isSpent({ isConnected, isIdle, idleSince, uses }, now) {
      if (!isConnected) return false
      forget(now)
      return uses >= maxUses || (isIdle && now - idleSince >= maxIdleMs)
    },
  }
}
