import { createHolds } from '../holds'
import type { Queue } from '../queue'
import type { Store } from '../store'
import { createStoreClock } from '../store-clock'
import { createTokens } from '../token-bucket'
import { createWake } from '../wake'
import { createMemoryDead } from './memory-dead'
import { createMemoryJobs } from './memory-jobs'
import { createMemoryQueue as createQueue } from './memory-queue'
import { createMemoryState } from './memory-state'
import { createMemoryWaiting } from './memory-waiting'

export type MemoryStoreOptions = {
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number
  /** How long at least the ids of deliveries are remembered, in milliseconds. Default: 4 hours. */
  readonly dedupeMs?: number
  /** More deliveries than these are refused. Default 1,000,000. */
  readonly maxDeliveries?: number
}

/** A store that ends with the process. Events are kept as they are, so do not change them after the put. */
export function createMemoryStore({
  now,
  dedupeMs = 4 * 3_600_000,
  maxDeliveries = 1_000_000,
}: MemoryStoreOptions = {}): Store {
  const clock = createStoreClock(now)
  const holds = createHolds()
  const jobs = createMemoryJobs()
  const wake = createWake()
  const dead = createMemoryDead({
    onGone: ({ delivery }) => {
      jobs.lane(delivery).dead -= 1
    },
    onReplay: ({ delivery, outcome }) => {
      const again = { ...delivery, attempt: 0, firstAttemptAt: 0 }
      jobs.add(again, clock.now(), clock.now(), { unknown: outcome.kind === 'unknown' })
      wake.wake()
    },
  })
  const queue = createQueue({ clock, jobs, dead, holds, wake, dedupeMs, maxDeliveries })
  const waiting = createMemoryWaiting({ clock, jobs, dead, wake })
  return {
    queue,
    waiting,
    state: createMemoryState(),
    tokens: createTokens(clock.now),
    async journey(messageId) {
      const { deliveries } = await waiting.list({ messageId }, { limit: Number.POSITIVE_INFINITY })
      return { waiting: deliveries, dead: dead.of({ messageId }), ended: [] }
    },
    close: () => queue.close(),
  }
}

/** The queue of a memory store alone. */
export const createMemoryQueue = (options?: MemoryStoreOptions): Queue => createMemoryStore(options).queue
