import type { Refusal, RefusalCode, WarningCode } from './refusal'
import type { FailureCode } from './reply'

/** What one source sent. */
export type SourceStats = {
  requests: number
  /** Events that are stored, or were known already. */
  accepted: number
  duplicates: number
  /** By code. */
  readonly refused: Partial<Record<RefusalCode, number>>
  /** By code. */
  readonly warnings: Partial<Record<WarningCode, number>>
  /** Milliseconds since the epoch: the last request. */
  lastAt: number
}

/** What has come in since the start. */
export type IngestStats = {
  readonly sources: Readonly<Record<string, SourceStats>>
  /** Requests that were refused as a whole, by code. */
  readonly failures: Partial<Record<FailureCode, number>>
  /** The last hundred events that were not taken, newest first. */
  readonly refusals: readonly Refusal[]
  /** Requests under way. */
  readonly inFlight: number
}

const maxRefusals = 100

const increase = <Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Counts what comes in. The names of sources are the configuration's, so the counts stay few. */
export function createIngestCounts() {
  const sources: Record<string, SourceStats> = Object.create(null)
  const failures: Partial<Record<FailureCode, number>> = {}
  const refusals: Refusal[] = []
  const of = (name: string): SourceStats => {
    sources[name] ??= { requests: 0, accepted: 0, duplicates: 0, refused: {}, warnings: {}, lastAt: 0 }
    return sources[name]
  }
  return {
    request(source: string, at: number): void {
      const stats = of(source)
      stats.requests += 1
      stats.lastAt = at
    },
    accepted(source: string, events: number, duplicates: number): void {
      const stats = of(source)
      stats.accepted += events
      stats.duplicates += duplicates
    },
    warned: (source: string, code: WarningCode): void => increase(of(source).warnings, code),
    refused(refusal: Refusal): void {
      if (refusal.source !== undefined) increase(of(refusal.source).refused, refusal.code)
      refusals.unshift(refusal)
      if (refusals.length > maxRefusals) refusals.pop()
    },
    failed: (code: FailureCode): void => increase(failures, code),
    stats: (inFlight: number): IngestStats => ({
      sources: structuredClone({ ...sources }),
      failures: { ...failures },
      refusals: [...refusals],
      inFlight,
    }),
  }
}

export type IngestCounts = ReturnType<typeof createIngestCounts>
