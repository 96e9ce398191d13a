import { QueueError } from '../../errors'
import type { SegmentEvent } from '../../event'
import type { Delivery } from '../delivery'
import { checkDeliveries } from '../delivery-problem'
import type { Holds } from '../holds'
import type { Claimed, ClaimOptions, LaneStats, PutOptions, Queue, Settlement } from '../queue'
import type { StoreClock } from '../store-clock'
import { timeAfter } from '../time-after'
import type { Wake } from '../wake'
import type { MemoryDead } from './memory-dead'
import type { MemoryJobs } from './memory-jobs'
import type { MemoryJob, MemoryLane } from './memory-lane'
import { createSeenIds } from './seen-ids'

type Parts = {
  readonly clock: StoreClock
  readonly jobs: MemoryJobs
  readonly dead: MemoryDead
  readonly holds: Holds
  readonly wake: Wake
  readonly dedupeMs: number
  readonly maxDeliveries: number
}

/** The delivery as it is handed out or buried now. */
export const deliveryOf = (job: MemoryJob, attempt = job.attempt): Delivery => ({
  ...job.given,
  attempt,
  firstAttemptAt: attempt === 0 ? 0 : job.firstAttemptAt,
  history: job.history,
})

export function createMemoryQueue({ clock, jobs, dead, holds, wake, dedupeMs, maxDeliveries }: Parts): Queue {
  const seen = createSeenIds(dedupeMs)
  let isClosed = false

  function refuseWhenClosed(): void {
    if (isClosed) throw new QueueError('QUEUE_CLOSED', 'the queue is closed')
  }

  function put(deliveries: readonly Delivery[], { delayMs, eventName, deliveryName }: PutOptions): string[] {
    const now = clock.now()
    const duplicates: string[] = []
    const newNames = new Map<string, SegmentEvent>()
    for (const delivery of deliveries) {
      const { idempotencyKey, connection, subscription } = delivery
      const name = eventName?.(delivery)
      const event = name === undefined ? undefined : `event ${name}`
      const isNew = event === undefined || newNames.get(event) === delivery.event || !seen.has(event, now)
      const id = JSON.stringify([connection, subscription, deliveryName?.(delivery) ?? idempotencyKey])
      if (!isNew || seen.has(id, now)) {
        duplicates.push(idempotencyKey)
        continue
      }
      if (event !== undefined) {
        newNames.set(event, delivery.event)
        seen.add(event, now)
      }
      seen.add(id, now)
      jobs.add(delivery, now, timeAfter(now, delayMs))
    }
    return duplicates
  }

  const claimedOf = (job: MemoryJob): Claimed => ({
    delivery: deliveryOf(job, job.attempt - 1),
    lease: job.lease as string,
    leaseUntil: job.dueAt as number,
    maybeDone: job.unknown,
  })

  function nextDueIn(isOpen: (lane: MemoryLane) => boolean): number {
    const now = clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const lane of jobs.lanes()) if (isOpen(lane)) next = Math.min(next, lane.due.nextAt())
    return Math.max(1, next - now)
  }

  async function claim({ max, perLane, heldLanes = [], leaseMs, signal }: ClaimOptions) {
    refuseWhenClosed()
    const left = new Set(heldLanes.map((lane) => jobs.lane(lane)))
    while (!signal?.aborted && !isClosed && max > 0) {
      const now = clock.now()
      const isOpen = (lane: MemoryLane) => !left.has(lane) && holds.of(lane, now) === undefined
      const limits = { max, now, leaseMs, ...(perLane !== undefined && { perLane }) }
      const taken = jobs.take(limits, isOpen)
      if (taken.length > 0) return taken.map(claimedOf)
      await wake.sleep(nextDueIn(isOpen), signal)
    }
    return []
  }

  function settleOne(item: Settlement, job: MemoryJob, now: number): void {
    if (item.kind === 'again') {
      job.unknown ||= item.unknown
      job.history = [...job.history, item.record]
      jobs.putBack(job, timeAfter(now, item.afterMs))
    } else if (item.kind === 'release') {
      job.attempt -= 1
      jobs.putBack(job, timeAfter(now, item.afterMs))
    } else {
      jobs.end(job, now)
      if (item.kind === 'dead') {
        job.lane.dead += 1
        const { reason, outcome } = item
        dead.add({ delivery: deliveryOf(job), reason, outcome, diedAt: clock.toWall(now) })
      }
    }
  }

  return {
    durability: { kill: false, power: false, machineLoss: false, settle: 'none' },
    dead: dead.letters,
    claim,
    async put(deliveries, options = {}) {
      refuseWhenClosed()
      checkDeliveries(deliveries)
      if (jobs.size() + deliveries.length > maxDeliveries)
        throw new QueueError(
          'QUEUE_FULL',
          `the memory queue holds ${jobs.size()} deliveries and takes at most ${maxDeliveries}; put again when some have been delivered, or use a store on disk`,
        )
      const duplicates = put(deliveries, options)
      wake.wake()
      return { duplicates }
    },
    async extend(leases, leaseMs) {
      refuseWhenClosed()
      const until = timeAfter(clock.now(), leaseMs)
      return leases.filter((lease) => {
        const job = jobs.leased(lease)
        if (job !== undefined) jobs.extend(job, until)
        return job !== undefined
      })
    },
    async settle(items) {
      refuseWhenClosed()
      const now = clock.now()
      const late: string[] = []
      for (const item of items) {
        const job = jobs.leased(item.lease)
        if (job === undefined) late.push(item.lease)
        else settleOne(item, job, now)
      }
      wake.wake()
      return { late }
    },
    async hold(scope, until, because) {
      refuseWhenClosed()
      if (until === 'released') holds.release(scope)
      else holds.set(scope, clock.fromWall(until), because)
      wake.wake()
    },
    stats: async () => [...jobs.lanes()].map((lane) => statsOf(lane, holds, clock)),
    async close() {
      isClosed = true
      wake.wake()
    },
  }
}

function statsOf(lane: MemoryLane, holds: Holds, clock: StoreClock): LaneStats {
  const now = clock.now()
  let [ready, waiting, leased] = [0, 0, 0]
  let oldest = Number.POSITIVE_INFINITY
  for (const { dueAt, lease, given } of lane.jobs) {
    if (dueAt !== undefined && dueAt <= now) ready += 1
    else if (lease !== undefined) leased += 1
    else waiting += 1
    oldest = Math.min(oldest, given.receivedAt)
  }
  const held = holds.of(lane, now)
  const { connection, subscription, dead } = lane
  return {
    ...{ connection, subscription, ready, waiting, leased, dead },
    ...(oldest !== Number.POSITIVE_INFINITY && { oldestReceivedAt: oldest }),
    ...(held !== undefined && { heldUntil: clock.toWall(held.until) }),
    ...(held?.because !== undefined && { heldBecause: held.because }),
  }
}
