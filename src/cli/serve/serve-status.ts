import { type Outcome, type OutcomeKind, outcomeKinds } from 'waybill'
import type { IngestStats } from 'waybill/ingest'
import { formatCount } from '../report/format'

/** Counts what a server takes in and what became of it, and says so when it has changed. */
export type ServeStatus = {
  add(outcome: Outcome): void
  /** `12 events taken in: 30 delivered, 1 rejected`; nothing when nothing changed since the last call. */
  line(stats: IngestStats): string | undefined
}

export function createServeStatus(): ServeStatus {
  const kinds = new Map<OutcomeKind, number>()
  let last = ''
  return {
    add: ({ kind }) => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1),
    line({ sources }) {
      const taken = Object.values(sources).reduce(
        (sum, { accepted, duplicates }) => sum + accepted - duplicates,
        0,
      )
      const ended = outcomeKinds.flatMap((kind) =>
        kinds.has(kind) ? [`${formatCount(kinds.get(kind) ?? 0)} ${kind}`] : [],
      )
      const text = `${formatCount(taken)} ${taken === 1 ? 'event' : 'events'} taken in; deliveries: ${ended.join(', ') || 'none ended yet'}`
      if (text === last || (taken === 0 && kinds.size === 0)) return undefined
      last = text
      return text
    },
  }
}
