import type { AttemptRecord } from '../delivery'
import type { Holds } from '../holds'
import type { StoreClock } from '../store-clock'
import type { Wake } from '../wake'
import type { Database } from './database'
import type { GroupCommit } from './group-commit'
import type { SqliteLane, SqliteLanes } from './sqlite-lanes'

/** What the owner knows of a claim that is out. The owner alone writes, so this fences every settlement. */
export type Lease = {
  readonly token: number
  readonly seq: number
  readonly event: number
  readonly lane: SqliteLane
  readonly key: string | null
  /** How many deliveries had the same body when it was claimed. */
  readonly refs: number
  readonly attempt: number
  readonly history: readonly AttemptRecord[]
}

/** What the parts of an owned SQLite store share. */
export type SqliteCore = {
  readonly file: string
  /** Takes in; a commit is on the disk when it is done. */
  readonly puts: Database
  /** Claims and settles; a power cut may take its latest commits back. */
  readonly works: Database
  readonly putGroup: GroupCommit
  readonly settleGroup: GroupCommit
  readonly clock: StoreClock
  readonly lanes: SqliteLanes
  readonly holds: Holds
  readonly wake: Wake
  /** By seq. */
  readonly leases: Map<number, Lease>
  readonly nextSeq: () => number
  readonly nextEvent: () => number
  /** Something is due in the lane then. */
  readonly dueAt: (lane: SqliteLane, at: number) => void
  readonly dedupeMs: number
  readonly endedMs: number
}

/** A lease as it is handed out: which job, and which claim of it. */
export const leaseName = (seq: number, token: number): string => `${seq}.${token}`

/** The claim that a lease names, if it is still ours. */
export function leaseOf(leases: ReadonlyMap<number, Lease>, name: string): Lease | undefined {
  const lease = leases.get(Number.parseInt(name, 10))
  return lease !== undefined && leaseName(lease.seq, lease.token) === name ? lease : undefined
}

export const historyText = (history: readonly AttemptRecord[]): string | null =>
  history.length === 0 ? null : JSON.stringify(history)

export const historyOf = (text: unknown): readonly AttemptRecord[] =>
  typeof text === 'string' ? (JSON.parse(text) as AttemptRecord[]) : []
