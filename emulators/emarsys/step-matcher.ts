import { checkMembers } from './check-members'
import { memberPath } from './member-path'

/** The four types of call that the add-on takes. */
export const callTypes = ['identify', 'track', 'page', 'screen'] as const
export type CallType = (typeof callTypes)[number]

/** A message as it came, checked as far as the endpoint checks it. */
export type Message = Readonly<Record<string, unknown>> & { readonly type: string }

/** A question about one member of a message. */
export type Condition = {
  readonly path: string
  readonly is: 'equals' | 'notEquals' | 'exists' | 'contains' | 'greater' | 'less' | 'in' | 'matches'
  /** `in` takes a list, `matches` a regular expression, `exists` optionally `false`. */
  readonly value?: unknown
}

/** Which messages a step, or an exclusion, is about. Everything that is given has to hold. */
export type Matcher = {
  /** Default: all four. */
  readonly types?: readonly CallType[]
  /** Name of a track call; letter case does not matter, since it varies between libraries. */
  readonly event?: string
  /** Name of a page or screen. */
  readonly name?: string
  readonly isCaseSensitive?: boolean
  readonly where?: readonly Condition[]
}

export const matcherMembers = ['types', 'event', 'name', 'isCaseSensitive', 'where'] as const

export type Matches = (message: Message) => boolean

/**
 * Compiles a matcher.
 * @throws RangeError for a member, path, type, operator or expression that does not exist.
 */
export function stepMatcher(matcher: Matcher): Matches {
  const tests: Matches[] = [
    callTypeTest(matcher.types),
    ...textTest('event', matcher.event, matcher.isCaseSensitive),
    ...textTest('name', matcher.name, matcher.isCaseSensitive),
    ...(matcher.where ?? []).map(conditionTest),
  ]
  return (message) => tests.every((test) => test(message))
}

/**
 * Whether a message is of one of the types; without a list, of any.
 * @throws RangeError for a type that the add-on does not take.
 */
export function callTypeTest(types: readonly CallType[] | undefined): Matches {
  for (const type of types ?? [])
    if (!callTypes.includes(type)) throw new RangeError(`"${type}" is not one of ${callTypes.join(', ')}`)
  return ({ type }) => types === undefined || types.includes(type as CallType)
}

function textTest(member: 'event' | 'name', expected: string | undefined, isCaseSensitive = false) {
  if (expected === undefined) return []
  const normalized = (text: string): string => (isCaseSensitive ? text : text.toLowerCase())
  const wanted = normalized(expected)
  return [
    (message: Message): boolean => {
      const actual = message[member]
      return typeof actual === 'string' && normalized(actual) === wanted
    },
  ]
}

function conditionTest(condition: Condition): Matches {
  checkMembers(condition, ['path', 'is', 'value'])
  const { path, is, value: expected } = condition
  const read = memberPath(path)
  if (!Object.hasOwn(operators, is))
    throw new RangeError(`"${is}" is not one of ${Object.keys(operators).join(', ')}`)
  const compiled = operators[is](expected)
  return (message) => compiled(read(message))
}

type Test = (actual: unknown) => boolean

const operators: Readonly<Record<Condition['is'], (expected: unknown) => Test>> = {
  equals: (expected) => (actual) => actual === expected,
  notEquals: (expected) => (actual) => actual !== expected,
  exists: (expected) => (actual) => (actual !== undefined && actual !== null) === (expected !== false),
  contains: (expected) => (actual) =>
    typeof actual === 'string'
      ? actual.includes(String(expected))
      : Array.isArray(actual) && actual.includes(expected),
  greater: (expected) => (actual) => numberOf(actual) > numberOf(expected),
  less: (expected) => (actual) => numberOf(actual) < numberOf(expected),
  in: (expected) => (actual) => Array.isArray(expected) && expected.includes(actual),
  matches: (expected) => {
    const pattern = expressionOf(String(expected))
    return (actual) => typeof actual === 'string' && pattern.test(actual)
  },
}

/** NaN, which compares false both ways, for what is no number. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN

function expressionOf(source: string): RegExp {
  try {
    return new RegExp(source)
  } catch {
    throw new RangeError(`"${source}" is no regular expression`)
  }
}
