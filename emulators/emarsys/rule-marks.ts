import type { CompiledRule } from './rule'
import { firstSequence, type HistoryEvent, type Permission } from './sequence'

/** What a rule has already done for a person. */
export type RuleMarks = {
  hasFired: boolean
  /** Times of the last messages of sequences that fired; for cooldowns. */
  readonly ends: number[]
  /** Arrivals of messages that took part in a sequence; for cooldowns. */
  readonly consumed: Set<number>
  /** Arrivals of messages that completed a sequence; for rules that always fire. */
  readonly completed: Set<number>
}

export const createMarks = (): RuleMarks => ({
  hasFired: false,
  ends: [],
  consumed: new Set(),
  completed: new Set(),
})

/** Adds what the rule has done for another person who turned out to be the same. */
export function addMarks(marks: RuleMarks, other: RuleMarks): void {
  marks.hasFired ||= other.hasFired
  marks.ends.push(...other.ends)
  for (const arrival of other.consumed) marks.consumed.add(arrival)
  for (const arrival of other.completed) marks.completed.add(arrival)
}

/**
 * The sequences for which a rule fires now, in order; each is marked, so that it is not found again. `activeFrom`:
 * messages that arrived before the rule was there take no part.
 */
export function newSequences(
  rule: CompiledRule,
  history: readonly HistoryEvent[],
  marks: RuleMarks,
  activeFrom: number,
): HistoryEvent[][] {
  const found: HistoryEvent[][] = []
  for (;;) {
    const matched = firstSequence(rule, history, permissionOf(rule, marks, activeFrom))
    if (matched === undefined) return found
    found.push(matched)
    mark(marks, matched)
  }
}

function permissionOf({ repeat }: CompiledRule, marks: RuleMarks, activeFrom: number): Permission {
  const isNew = ({ arrival }: HistoryEvent): boolean => arrival >= activeFrom
  switch (repeat.kind) {
    case 'once':
      return { canUse: isNew, canEnd: () => !marks.hasFired }
    case 'always':
      return { canUse: isNew, canEnd: ({ arrival }) => !marks.completed.has(arrival) }
    case 'cooldown':
      return {
        canUse: (event) => isNew(event) && !marks.consumed.has(event.arrival),
        canEnd: ({ time }) => marks.ends.every((end) => Math.abs(time - end) >= repeat.ms),
      }
  }
}

function mark(marks: RuleMarks, matched: readonly HistoryEvent[]): void {
  const last = matched.at(-1) as HistoryEvent
  marks.hasFired = true
  marks.ends.push(last.time)
  marks.completed.add(last.arrival)
  for (const { arrival } of matched) marks.consumed.add(arrival)
}
