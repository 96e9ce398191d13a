import type { Outcome, OutcomeKind } from 'waybill'

/** A reason for which events of one subscription were not delivered, and how often it came up. */
export type FailureGroup = {
  readonly connection: string
  readonly subscription: string
  readonly kind: OutcomeKind
  readonly code: string
  readonly status?: number
  /** That of the first. */
  readonly message: string
  count: number
}

/** Something that was left out of the requests of a subscription, and how often. */
export type NoteGroup = {
  readonly connection: string
  readonly subscription: string
  readonly field?: string
  readonly reason: string
  count: number
}

/** What became of the events so far, grouped; the groups are bounded however many events there are. */
export type Tally = {
  add(outcome: Outcome): void
  readonly delivered: number
  /** Outcomes that are neither delivered nor skipped. */
  readonly failed: number
  /** Attempts beyond the first, of events that have ended. */
  readonly repeats: number
  readonly failures: readonly FailureGroup[]
  readonly notes: readonly NoteGroup[]
}

const maxGroups = 200

/** Finds the group of a key, or makes it while there are few enough. */
function grouper<Group extends { count: number }>() {
  const groups = new Map<string, Group>()
  return {
    groups,
    add(key: string, create: () => Group): void {
      const group = groups.get(key)
      if (group !== undefined) group.count += 1
      else if (groups.size < maxGroups) groups.set(key, create())
    },
  }
}

const mostFirst = <Group extends { count: number }>(groups: Map<string, Group>) =>
  [...groups.values()].sort((one, other) => other.count - one.count)

/** Starts counting outcomes. */
export function createTally(): Tally {
  const failures = grouper<FailureGroup>()
  const notes = grouper<NoteGroup>()
  const counts = { delivered: 0, failed: 0, repeats: 0 }

  function addNotes(outcome: Outcome, where: { connection: string; subscription: string }): void {
    for (const { field, reason } of outcome.notes ?? [])
      notes.add(JSON.stringify([where, field, reason]), () => ({
        ...where,
        ...(field !== undefined && { field }),
        reason,
        count: 1,
      }))
  }

  return {
    add(outcome) {
      const where = { connection: outcome.connection, subscription: outcome.subscription ?? '' }
      if (outcome.attempt > 1) counts.repeats += outcome.attempt - 1
      addNotes(outcome, where)
      if (outcome.kind === 'delivered') counts.delivered += 1
      if (outcome.kind === 'delivered' || outcome.kind === 'skipped') return
      counts.failed += 1
      const { kind, code, status, message } = outcome
      failures.add(JSON.stringify([where, kind, code, status]), () => ({
        ...where,
        kind,
        code,
        ...(status !== undefined && { status }),
        message,
        count: 1,
      }))
    },
    get delivered() {
      return counts.delivered
    },
    get failed() {
      return counts.failed
    },
    get repeats() {
      return counts.repeats
    },
    get failures() {
      return mostFirst(failures.groups)
    },
    get notes() {
      return mostFirst(notes.groups)
    },
  }
}
