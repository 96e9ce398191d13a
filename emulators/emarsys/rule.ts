import { checkMembers } from './check-members'
import { type Duration, durationMs } from './duration'
import { memberPath } from './member-path'
import type { HistoryEvent, Sequence } from './sequence'
import { type Matcher, type Matches, matcherMembers, stepMatcher } from './step-matcher'

/** One step of a sequence. */
export type Step = Matcher & {
  /** How many messages it takes. Default 1. */
  readonly count?: number
  /** Most time since the previous step was complete. Not for the first step. */
  readonly within?: Duration
}

/** A sequence of messages that starts a program. */
export type Rule = {
  readonly id: string
  readonly name?: string
  /** Default true. */
  readonly enabled?: boolean
  readonly steps: readonly Step[]
  /** Most time from the first message to the last. Default: no limit. */
  readonly window?: Duration
  /** Messages that break a sequence when they come between its first and its last. */
  readonly unless?: readonly Matcher[]
  /**
   * How often it fires for a person. `once` (default): the first time ever. `always`: for each message that completes
   * the sequence, and messages may take part again. `cooldown:<duration>`: with at least that time between the last
   * messages of two sequences, and no message takes part twice.
   */
  readonly repeat?: 'once' | 'always' | `cooldown:${string}`
  readonly trigger: {
    readonly programId: string
    /** What the program gets: members of the last message, or `steps[0].…` of the message that began a step. */
    readonly data?: Readonly<Record<string, string>>
  }
}

export type Repeat =
  | { readonly kind: 'once' }
  | { readonly kind: 'always' }
  | { readonly kind: 'cooldown'; readonly ms: number }

/** A rule with everything compiled. */
export type CompiledRule = Sequence & {
  readonly id: string
  readonly isEnabled: boolean
  readonly programId: string
  readonly repeat: Repeat
  readonly payloadOf: (matched: readonly HistoryEvent[]) => Record<string, unknown>
}

/**
 * Compiles a rule.
 * @throws RangeError for steps, windows, paths or operators that make no sense, and for misspelt members.
 */
export function compileRule(rule: Rule): CompiledRule {
  checkMembers(rule, ['id', 'name', 'enabled', 'steps', 'window', 'unless', 'repeat', 'trigger'])
  checkMembers(rule.trigger, ['programId', 'data'])
  if (typeof rule.id !== 'string' || rule.id === '') throw new RangeError('a rule needs an id')
  const windowMs = rule.window === undefined ? Infinity : durationMs(rule.window)
  if (!Array.isArray(rule.steps) || rule.steps.length === 0) throw new RangeError('a rule needs steps')
  return {
    id: rule.id,
    isEnabled: rule.enabled ?? true,
    programId: rule.trigger.programId,
    windowMs,
    slots: rule.steps.flatMap((step, index) => slotsOf(step, index, windowMs)),
    unless: (rule.unless ?? []).map(exclusionOf),
    repeat: repeatOf(rule.repeat),
    payloadOf: payloadReader(rule),
  }
}

function exclusionOf(matcher: Matcher): Matches {
  checkMembers(matcher, matcherMembers)
  return stepMatcher(matcher)
}

function slotsOf(step: Step, index: number, windowMs: number) {
  checkMembers(step, [...matcherMembers, 'count', 'within'])
  const { count = 1 } = step
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`steps[${index}].count: a whole number from 1, not ${count}`)
  if (index === 0 && step.within !== undefined)
    throw new RangeError('steps[0].within: there is no step before the first')
  const withinMs = step.within === undefined ? Infinity : durationMs(step.within)
  if (step.within !== undefined && withinMs > windowMs)
    throw new RangeError(`steps[${index}].within is longer than the window of the rule`)
  const matches = stepMatcher(step)
  return Array.from({ length: count }, (_, slot) => ({
    matches,
    withinMs,
    completesStep: slot === count - 1,
  }))
}

function repeatOf(repeat: Rule['repeat'] = 'once'): Repeat {
  if (repeat === 'once' || repeat === 'always') return { kind: repeat }
  if (repeat.startsWith('cooldown:'))
    return { kind: 'cooldown', ms: durationMs(repeat.slice('cooldown:'.length).trim()) }
  throw new RangeError(`repeat: once, always or cooldown:<duration>, not "${repeat}"`)
}

function payloadReader({ steps, trigger }: Rule): CompiledRule['payloadOf'] {
  const readers = Object.entries(trigger.data ?? {}).map(([name, path]) => [name, memberPath(path)] as const)
  const counts = steps.map((step) => step.count ?? 1)
  const starts = counts.map((_, index) => counts.slice(0, index).reduce((sum, count) => sum + count, 0))
  return (matched) => {
    const root = { ...matched.at(-1)?.message, steps: starts.map((start) => matched[start]?.message) }
    const entries = readers.map(([name, read]) => [name, read(root)] as const)
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  }
}
