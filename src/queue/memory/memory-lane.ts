import type { AttemptRecord, Delivery } from '../delivery'
import { createDueHeap, type DueHeap } from './due-heap'

/** A delivery that has not ended. */
export type MemoryJob = {
  readonly seq: number
  readonly given: Delivery
  readonly lane: MemoryLane
  /** Not due before, whatever its turn. */
  readonly notBefore: number
  /** When it is due, or when its lease ends; undefined behind an earlier delivery of the same person. */
  dueAt: number | undefined
  lease: string | undefined
  attempt: number
  firstAttemptAt: number
  history: readonly AttemptRecord[]
  unknown: boolean
}

export type MemoryLane = {
  readonly connection: string
  readonly subscription: string
  readonly due: DueHeap<MemoryJob>
  readonly jobs: Set<MemoryJob>
  dead: number
}

export const createMemoryLane = (connection: string, subscription: string): MemoryLane => {
  const jobs = new Set<MemoryJob>()
  const isCurrent = (job: MemoryJob, at: number) => job.dueAt === at && jobs.has(job)
  return { connection, subscription, jobs, due: createDueHeap(isCurrent, () => jobs.size), dead: 0 }
}
