import type { Delivery } from '../delivery'
import { createLaneMap } from '../lane-map'
import { createLaneTurns } from '../lane-turns'
import type { Lane } from '../queue'
import { timeAfter } from '../time-after'
import { createMemoryLane, type MemoryJob, type MemoryLane } from './memory-lane'
import { createPersonChains } from './person-chains'

/** The deliveries that have not ended, by lane, person and lease. */
export type MemoryJobs = {
  readonly size: () => number
  lane(of: Lane): MemoryLane
  lanes(): Iterable<MemoryLane>
  /** `start`: what an earlier life of the delivery left, for a dead letter that is put back. */
  add(delivery: Delivery, now: number, dueAt: number, start?: { readonly unknown: boolean }): MemoryJob
  /** Takes due jobs of the lanes that `isOpen` admits, fairly. */
  take(
    limits: {
      readonly max: number
      readonly perLane?: number
      readonly now: number
      readonly leaseMs: number
    },
    isOpen: (lane: MemoryLane) => boolean,
  ): MemoryJob[]
  /** The job of a lease that is still valid. */
  leased(lease: string): MemoryJob | undefined
  /** Makes it due then, without a lease. */
  putBack(job: MemoryJob, at: number): void
  extend(job: MemoryJob, until: number): void
  /** Takes it out for good; the next of its person is due. */
  end(job: MemoryJob, now: number): void
}

export function createMemoryJobs(): MemoryJobs {
  const lanes = createLaneMap<MemoryLane>()
  const turns = createLaneTurns<MemoryLane>()
  const chains = createPersonChains()
  const leases = new Map<string, MemoryJob>()
  let lastSeq = 0
  let lastLease = 0
  let size = 0

  function laneOf(of: Lane): MemoryLane {
    const known = lanes.get(of)
    if (known !== undefined) return known
    const lane = createMemoryLane(of.connection, of.subscription)
    lanes.set(lane, lane)
    turns.add(lane)
    return lane
  }

  function makeDue(job: MemoryJob, at: number): void {
    job.dueAt = at
    job.lane.due.push(at, job.seq, job)
  }

  function dropLease(job: MemoryJob): void {
    if (job.lease !== undefined) leases.delete(job.lease)
    job.lease = undefined
  }

  function lend(job: MemoryJob, now: number, until: number): MemoryJob {
    // A lease that is still written ended by itself: its attempt may have arrived.
    if (job.lease !== undefined) job.unknown = true
    dropLease(job)
    lastLease += 1
    job.lease = `${job.seq}.${lastLease}`
    leases.set(job.lease, job)
    if (job.attempt === 0) job.firstAttemptAt = now
    job.attempt += 1
    makeDue(job, until)
    return job
  }

  return {
    size: () => size,
    lane: laneOf,
    lanes: () => lanes.values(),
    add(delivery, _now, dueAt, start) {
      lastSeq += 1
      const lane = laneOf(delivery)
      const job: MemoryJob = {
        seq: lastSeq,
        given: delivery,
        lane,
        notBefore: dueAt,
        dueAt: undefined,
        lease: undefined,
        attempt: delivery.attempt,
        firstAttemptAt: delivery.firstAttemptAt,
        history: delivery.history,
        unknown: start?.unknown ?? false,
      }
      lane.jobs.add(job)
      size += 1
      const isBehind = delivery.person !== undefined && chains.join(job, delivery.person)
      if (!isBehind) makeDue(job, dueAt)
      return job
    },
    take({ max, perLane, now, leaseMs }, isOpen) {
      const ready = [...turns.all()].filter((lane) => lane.due.nextAt() <= now && isOpen(lane))
      return turns.share(ready, { max, ...(perLane !== undefined && { perLane }) }, (lane, count) => {
        const taken: MemoryJob[] = []
        while (taken.length < count) {
          const job = lane.due.popDue(now)
          if (job === undefined) break
          taken.push(lend(job, now, timeAfter(now, leaseMs)))
        }
        return taken
      })
    },
    leased: (lease) => leases.get(lease),
    putBack(job, at) {
      dropLease(job)
      makeDue(job, at)
    },
    extend: (job, until) => makeDue(job, until),
    end(job, now) {
      dropLease(job)
      job.lane.jobs.delete(job)
      size -= 1
      const next = job.given.person === undefined ? undefined : chains.leave(job, job.given.person)
      if (next !== undefined) makeDue(next, Math.max(now, next.notBefore))
    },
  }
}
