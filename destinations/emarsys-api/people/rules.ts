import { PayloadValidationError } from 'waybill'
import type { Message } from './data-maps'
import { readerOf } from './paths'

export type Condition = {
  readonly path: string
  readonly is: keyof typeof operators
  readonly value?: unknown
}

/** Which messages a step is about. Everything that is given has to hold. */
export type Matcher = {
  readonly types?: readonly string[]
  readonly event?: string
  readonly name?: string
  readonly isCaseSensitive?: boolean
  readonly where?: readonly Condition[]
}

export type Step = Matcher & { readonly count?: number; readonly within?: number | string }

/** A sequence of messages that starts an external event. */
export type Rule = {
  readonly id: string
  readonly name?: string
  readonly enabled?: boolean
  readonly steps: readonly Step[]
  readonly window?: number | string
  readonly unless?: readonly Matcher[]
  readonly repeat?: 'once' | 'always' | `cooldown:${string}`
  readonly trigger: { readonly eventId: number; readonly data?: Readonly<Record<string, string>> }
}

/** A message that a rule may use. */
export type Happening = {
  /** In which order it arrived. */
  readonly n: number
  /** When it happened, in milliseconds since the epoch. */
  readonly t: number
  readonly id: string
  readonly m: Message
}

/** What a rule has done for a person. */
export type Marks = { fired: boolean; ends: number[]; used: number[]; done: number[] }
export const noMarks = (): Marks => ({ fired: false, ends: [], used: [], done: [] })

type Test = (message: Message) => boolean
type Slot = { readonly test: Test; readonly withinMs: number; readonly ends: boolean }

export type CompiledRule = {
  readonly id: string
  readonly eventId: number
  readonly slots: readonly Slot[]
  readonly windowMs: number
  readonly unless: readonly Test[]
  /** Milliseconds between two; `once` and `always` by name. */
  readonly repeat: 'once' | 'always' | number
  readonly isAbout: Test
  readonly dataOf: (matched: readonly Happening[]) => Record<string, unknown>
}

const fail = (message: string): never => {
  throw new PayloadValidationError(message)
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Milliseconds of `90s`, `30m`, `6h`, `7d`, `2w`, or a number of them. */
function span(value: number | string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(String(value))
  const ms = typeof value === 'number' ? value : Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN)
  return ms > 0 && Number.isFinite(ms)
    ? ms
    : fail(`"${value}" is no span of time; write 90s, 30m, 6h, 7d or 2w`)
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN

const operators = {
  equals: (wanted: unknown) => (value: unknown) => value === wanted,
  notEquals: (wanted: unknown) => (value: unknown) => value !== wanted,
  exists: (wanted: unknown) => (value: unknown) =>
    (value !== undefined && value !== null) === (wanted !== false),
  contains: (wanted: unknown) => (value: unknown) =>
    typeof value === 'string'
      ? value.includes(String(wanted))
      : Array.isArray(value) && value.includes(wanted),
  greater: (wanted: unknown) => (value: unknown) => numberOf(value) > numberOf(wanted),
  less: (wanted: unknown) => (value: unknown) => numberOf(value) < numberOf(wanted),
  in: (wanted: unknown) => (value: unknown) => Array.isArray(wanted) && wanted.includes(value),
  matches: (wanted: unknown) => {
    const pattern = new RegExp(String(wanted))
    return (value: unknown) => typeof value === 'string' && pattern.test(value)
  },
}

function checkNames(given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) fail(`a rule has no "${unknown}" there; it may have ${names.join(', ')}`)
}

const matcherNames = ['types', 'event', 'name', 'isCaseSensitive', 'where']

function testOf(matcher: Matcher): Test {
  const tests: Test[] = []
  const { types, where = [], isCaseSensitive = false } = matcher
  if (types !== undefined) tests.push(({ type }) => types.includes(String(type)))
  const plain = (text: string): string => (isCaseSensitive ? text : text.toLowerCase())
  for (const member of ['event', 'name'] as const) {
    const wanted = matcher[member]
    if (wanted === undefined) continue
    tests.push((message) => {
      const value = message[member]
      return typeof value === 'string' && plain(value) === plain(wanted)
    })
  }
  for (const { path, is, value } of where) {
    if (!Object.hasOwn(operators, is)) fail(`"${is}" is none of ${Object.keys(operators).join(', ')}`)
    const read = readerOf(path)
    const holds = operators[is](value)
    tests.push((message) => holds(read(message)))
  }
  return (message) => tests.every((test) => test(message))
}

/** @throws PayloadValidationError for a rule that makes no sense. */
export function compileRule(rule: Rule): CompiledRule {
  checkNames(rule, ['id', 'name', 'enabled', 'steps', 'window', 'unless', 'repeat', 'trigger'])
  if (typeof rule.id !== 'string' || rule.id === '') fail('a rule needs an id')
  if (!Array.isArray(rule.steps) || rule.steps.length === 0) fail(`the rule "${rule.id}" needs steps`)
  const eventId = Number(rule.trigger?.eventId)
  if (!Number.isInteger(eventId))
    fail(`the rule "${rule.id}" needs a trigger with the id of an external event`)
  const windowMs = rule.window === undefined ? Infinity : span(rule.window)
  const slots = rule.steps.flatMap((step, index) => slotsOf(step, index, windowMs))
  const unless = (rule.unless ?? []).map((matcher) => {
    checkNames(matcher, matcherNames)
    return testOf(matcher)
  })
  const tests = [...slots.map(({ test }) => test), ...unless]
  return {
    id: rule.id,
    eventId,
    slots,
    windowMs,
    unless,
    repeat: repeatOf(rule.repeat),
    isAbout: (message) => tests.some((test) => test(message)),
    dataOf: dataReader(rule),
  }
}

function slotsOf(step: Step, index: number, windowMs: number): Slot[] {
  checkNames(step, [...matcherNames, 'count', 'within'])
  const { count = 1, within } = step
  if (!Number.isInteger(count) || count < 1) fail(`steps[${index}].count is a whole number from 1`)
  if (index === 0 && within !== undefined) fail('steps[0].within: there is no step before the first')
  const withinMs = within === undefined ? Infinity : span(within)
  if (within !== undefined && withinMs > windowMs) fail(`steps[${index}].within is longer than the window`)
  const test = testOf(step)
  return Array.from({ length: count }, (_, position) => ({ test, withinMs, ends: position === count - 1 }))
}

function repeatOf(repeat: Rule['repeat'] = 'once'): CompiledRule['repeat'] {
  if (repeat === 'once' || repeat === 'always') return repeat
  const cooldown = /^cooldown:(.*)$/.exec(repeat)?.[1]
  return cooldown === undefined ? fail(`repeat is once, always or cooldown:<span>`) : span(cooldown.trim())
}

function dataReader({ steps, trigger }: Rule): CompiledRule['dataOf'] {
  const readers = Object.entries(trigger.data ?? {}).map(([name, path]) => [name, readerOf(path)] as const)
  let slot = 0
  const firsts = steps.map(({ count = 1 }) => {
    slot += count
    return slot - count
  })
  return (matched) => {
    const root = { ...matched.at(-1)?.m, steps: firsts.map((first) => matched[first]?.m) }
    return Object.fromEntries(
      readers.map(([name, read]) => [name, read(root)]).filter(([, value]) => value !== undefined),
    )
  }
}

/**
 * The sequences for which a rule fires now. Of all that fit, the one counts whose first message is the earliest, then
 * its second, and so on; it is marked, and the next is looked for. `from`: messages that arrived before the rule was
 * there take no part.
 */
export function firedBy(
  rule: CompiledRule,
  history: readonly Happening[],
  marks: Marks,
  from: number,
): Happening[][] {
  const found: Happening[][] = []
  for (;;) {
    const matched = earliest(rule, history, marks, from)
    if (matched === undefined) return found
    const last = matched.at(-1) as Happening
    marks.fired = true
    marks.ends.push(last.t)
    marks.done.push(last.n)
    marks.used.push(...matched.map(({ n }) => n))
    found.push(matched)
  }
}

function earliest(rule: CompiledRule, history: readonly Happening[], marks: Marks, from: number) {
  const { repeat, slots, windowMs, unless } = rule
  if (repeat === 'once' && marks.fired) return undefined
  const used = typeof repeat === 'number' ? new Set(marks.used) : undefined
  const done = repeat === 'always' ? new Set(marks.done) : undefined
  const mayTakePart = ({ n }: Happening): boolean => n >= from && used?.has(n) !== true
  const mayEnd = ({ n, t }: Happening): boolean => {
    if (typeof repeat === 'number') return marks.ends.every((end) => Math.abs(t - end) >= repeat)
    return done?.has(n) !== true
  }
  const fits = (slot: number, happening: Happening): boolean =>
    (slots[slot] as Slot).test(happening.m) &&
    mayTakePart(happening) &&
    (slot < slots.length - 1 || mayEnd(happening))

  for (const [start, first] of history.entries()) {
    if (!fits(0, first)) continue
    const end = limitOf(history, start, windowMs, unless)
    // For each slot, where the earliest way to complete the rest is already known to fail.
    const dead = new Set<string>()
    const search = (slot: number, after: number, stepEnd: number): Happening[] | undefined => {
      if (slot === slots.length) return []
      const key = `${slot}/${after}/${stepEnd}`
      if (dead.has(key)) return undefined
      const { withinMs, ends } = slots[slot] as Slot
      const until = (history[stepEnd] as Happening).t + withinMs
      for (let index = after + 1; index <= end; index++) {
        const happening = history[index] as Happening
        if (happening.t > until) break
        if (!fits(slot, happening)) continue
        const rest = search(slot + 1, index, ends ? index : stepEnd)
        if (rest !== undefined) return [happening, ...rest]
      }
      dead.add(key)
      return undefined
    }
    const rest = search(1, start, start)
    if (rest !== undefined) return [first, ...rest]
  }
  return undefined
}

/** The last place that may belong to a sequence: inside the window, and not behind a message that breaks it. */
function limitOf(
  history: readonly Happening[],
  start: number,
  windowMs: number,
  unless: readonly Test[],
): number {
  const until = (history[start] as Happening).t + windowMs
  for (let index = start + 1; index < history.length; index++) {
    const { t, m } = history[index] as Happening
    if (t > until) return index - 1
    // The message that breaks a sequence may still be its last one.
    if (unless.some((test) => test(m))) return index
  }
  return history.length - 1
}
