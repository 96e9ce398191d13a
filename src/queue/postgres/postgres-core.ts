import type { AttemptRecord } from '../delivery'
import type { Wake } from '../wake'
import type { Postgres } from './connect'
import type { PostgresLanes } from './postgres-lanes'

/** What the parts of a store in PostgreSQL share. */
export type PostgresCore = {
  readonly postgres: Postgres
  /** The schema, quoted. */
  readonly s: string
  readonly lanes: PostgresLanes
  readonly wake: Wake
  /** Tells all workers, soon, that there may be work. */
  readonly tell: () => void
  readonly dedupeMs: number
}

export const historyOf = (text: string | null): readonly AttemptRecord[] =>
  text === null ? [] : (JSON.parse(text) as AttemptRecord[])

/** The parts of a lease; undefined for what is none. */
export function readLease(lease: string): { readonly seq: string; readonly token: string } | undefined {
  const [, seq, token] = lease.match(/^(\d{1,18})\.(\d{1,18})$/) ?? []
  return seq === undefined || token === undefined ? undefined : { seq, token }
}
