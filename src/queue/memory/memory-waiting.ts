import { setAsideOutcome, setAsideReason } from '../set-aside'
import type { WaitingDeliveries, WaitingDelivery, WaitingFilter, WaitingState } from '../store'
import type { StoreClock } from '../store-clock'
import type { Wake } from '../wake'
import type { MemoryDead } from './memory-dead'
import type { MemoryJobs } from './memory-jobs'
import type { MemoryJob } from './memory-lane'
import { deliveryOf } from './memory-queue'

type Parts = {
  readonly clock: StoreClock
  readonly jobs: MemoryJobs
  readonly dead: MemoryDead
  readonly wake: Wake
}

/** What waits in memory. */
export function createMemoryWaiting({ clock, jobs, dead, wake }: Parts): WaitingDeliveries {
  function* all(): Generator<MemoryJob> {
    for (const lane of jobs.lanes()) yield* lane.jobs
  }

  function stateOf({ dueAt, lease }: MemoryJob): WaitingState {
    if (dueAt === undefined) return 'behind'
    if (dueAt <= clock.now()) return 'ready'
    return lease === undefined ? 'waiting' : 'leased'
  }

  const seen = (job: MemoryJob): WaitingDelivery => ({
    id: String(job.seq),
    delivery: deliveryOf(job),
    state: stateOf(job),
    ...(job.dueAt !== undefined && { dueAt: clock.toWall(job.dueAt) }),
  })

  return {
    async list(filter, { limit = 100, after = '0' } = {}) {
      const later = [...all()]
        .filter((job) => job.seq > Number(after) && isOf(filter, job))
        .sort((a, b) => a.seq - b.seq)
      const page = later.slice(0, limit)
      const last = page.at(-1)
      return {
        deliveries: page.map(seen),
        ...(later.length > page.length && last && { next: String(last.seq) }),
      }
    },
    async setAside(id) {
      const job = [...all()].find(({ seq }) => String(seq) === id)
      if (job === undefined) return false
      const delivery = deliveryOf(job)
      jobs.end(job, clock.now())
      job.lane.dead += 1
      const diedAt = clock.toWall(clock.now())
      dead.add({ delivery, reason: setAsideReason, outcome: setAsideOutcome(delivery), diedAt })
      wake.wake()
      return true
    },
  }
}

const isOf = (filter: WaitingFilter, { given }: MemoryJob): boolean =>
  (filter.connection === undefined || given.connection === filter.connection) &&
  (filter.subscription === undefined || given.subscription === filter.subscription) &&
  (filter.person === undefined || given.person === filter.person) &&
  (filter.messageId === undefined || given.event.messageId === filter.messageId)
