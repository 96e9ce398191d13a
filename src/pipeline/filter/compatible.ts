import { subscriptionError } from './subscription-error'

type ReferenceParser = typeof import('@segment/destination-subscriptions')

/** A filter as the reference reads it: a group of conditions, which may be groups themselves. */
export type CompatibleGroup = Exclude<ReturnType<ReferenceParser['parseFql']>, { error: unknown }>
type Condition = CompatibleGroup['children'][number]
type Test = (event: unknown) => boolean

/** Why the reference cannot read a filter, in its words. */
export type Unreadable = { readonly problem: string }

/** Longest filter in compatibility mode, in characters: its parser takes a second for some 100,000. */
const maxLength = 100_000

/** Reads a filter with the package that `@segment/actions-core` uses; loaded with the first one. The only place. */
export function readCompatible(source: string): CompatibleGroup | Unreadable {
  if (source.length > maxLength) return { problem: `a filter has at most ${maxLength} characters` }
  const { parseFql } = require('@segment/destination-subscriptions') as ReferenceParser
  const parsed = parseFql(source)
  return 'error' in parsed && parsed.error
    ? { problem: String(parsed.error.message) }
    : (parsed as CompatibleGroup)
}

/**
 * Parses a filter as `@segment/actions-core` does.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with the reference's own words.
 */
export function parseCompatible(source: string, path: string | undefined): CompatibleGroup {
  const parsed = readCompatible(source)
  if ('problem' in parsed) throw subscriptionError(source, 0, parsed.problem, path)
  return parsed
}

/** A predicate of a filter that the reference has parsed. What makes the reference throw on an event throws here. */
export function compatibleTest(group: CompatibleGroup): Test {
  const test = groupTest(group)
  return (event) => event !== undefined && test(event)
}

function groupTest({ operator, children }: CompatibleGroup): Test {
  const tests = children.map(conditionTest)
  if (operator === 'and') return (event) => tests.every((test) => test(event))
  return operator === 'or' ? (event) => tests.some((test) => test(event)) : () => false
}

const fields = { 'event-type': 'type', event: 'event', name: 'name', userId: 'userId' } as const
const holders = {
  'event-property': 'properties',
  'event-trait': 'traits',
  'event-context': 'context',
} as const

const own = <Names extends object>(names: Names, key: string): Names[keyof Names] | undefined =>
  Object.hasOwn(names, key) ? names[key as keyof Names] : undefined

function conditionTest(condition: Condition | undefined): Test {
  // Of a group without a condition: the reference fails on every event that reaches it.
  if (condition === undefined)
    return () => {
      throw new TypeError("Cannot read properties of undefined (reading 'type')")
    }
  if (condition.type === 'group') return groupTest(condition)
  const holds = valueTest(condition.operator, condition.value)
  const field = own(fields, condition.type)
  if (field !== undefined) return (event) => holds((event as Record<string, unknown>)[field])
  const holder = own(holders, condition.type)
  if (holder === undefined) return () => false
  const read = pathReader((condition as { name: string }).name)
  return (event) => holds(read((event as Record<string, unknown>)[holder]))
}

/** As the reference splits a path: at dots and brackets. */
function pathReader(path: string): (holder: unknown) => unknown {
  if (!path) return () => undefined
  const keys = path.match(/[^[.\]]+/g)
  const step = (holder: unknown, key: string): unknown => holder && (holder as Record<string, unknown>)[key]
  return (holder) => (keys as readonly string[]).reduce(step, holder)
}

type Operator = Exclude<Condition, { type: 'group' }>['operator']
type ValueTest = (actual: unknown) => boolean

const onText =
  (holds: (text: string) => boolean): ValueTest =>
  (actual) =>
    typeof actual === 'string' && holds(actual)
const onNumber =
  (holds: (number: number) => boolean): ValueTest =>
  (actual) =>
    typeof actual === 'number' && holds(actual)

/** What each operator of the reference means, with the value it compares to. */
function valueTest(operator: Operator, expected: unknown): ValueTest {
  const text = String(expected)
  const number = Number(expected)
  switch (operator) {
    case '=':
      return (actual) => actual === text
    case '!=':
      return (actual) => actual !== text
    case 'number_equals':
      return onNumber((actual) => actual === number)
    case 'number_not_equals':
      return onNumber((actual) => actual !== number)
    case '<':
      return onNumber((actual) => actual < number)
    case '<=':
      return onNumber((actual) => actual <= number)
    case '>':
      return onNumber((actual) => actual > number)
    case '>=':
      return onNumber((actual) => actual >= number)
    case 'contains':
      return onText((actual) => actual.includes(text))
    case 'not_contains':
      return onText((actual) => !actual.includes(text))
    case 'starts_with':
      return onText((actual) => actual.startsWith(text))
    case 'not_starts_with':
      return onText((actual) => !actual.startsWith(text))
    case 'ends_with':
      return onText((actual) => actual.endsWith(text))
    case 'not_ends_with':
      return onText((actual) => !actual.endsWith(text))
    case 'exists':
      return (actual) => actual !== undefined && actual !== null
    case 'not_exists':
      return (actual) => actual === undefined || actual === null
    case 'is_true':
      return (actual) => actual === true
    case 'is_false':
      return (actual) => actual === false
    default:
      return () => false
  }
}
