import type { SegmentEvent } from '../../event'
import { type CodeGeneration, generatedAtOnce } from '../code/code-generation'
import { ownPathReader } from '../own-path'
import { comparisons } from './comparisons'
import { compatibleTest, parseCompatible } from './compatible'
import type { Comparator, Expression } from './expression'
import { functions } from './functions'
import { generateTest } from './generate-test'
import { globTest } from './glob'
import { parseSubscription } from './parse-subscription'

type Value = (event: unknown) => unknown
type Test = (event: unknown) => boolean

/** How a filter is read. */
export type SubscriptionOptions = CodeGeneration & {
  /** Read it as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /** Where it stands in the configuration, for messages. */
  readonly path?: string
  /** Told of a failure on an event, which then does not match. */
  readonly onError?: (error: unknown) => void
  /** Told once of what works, but perhaps not as it was meant. */
  readonly onWarning?: (message: string) => void
}

/**
 * Compiles a filter into a predicate. Everything that does not depend on the event is done here.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with line, column and what was expected.
 */
export function compileSubscription(
  source: string,
  options: SubscriptionOptions = {},
): (event: SegmentEvent) => boolean {
  const { onError = () => undefined } = options
  if (options.compatibility) return guarded(compatibleTest(parseCompatible(source, options.path)), onError)
  const onUnquoted = (word: string): void => options.onWarning?.(unquotedText(source, word))
  const expression = parseSubscription(source, { ...options, onUnquoted })
  const closure = guarded(compileTest(expression), onError)
  return generatedAtOnce(closure, () => generateTest(expression, onError), options)
}

/** What a person is told of a text without quotes. */
export const unquotedText = (source: string, word: string): string =>
  `${word} in the filter ${source} is read as a text; quote it: "${word}"`

/** An event on which a test fails does not match. */
const guarded =
  (test: Test, onError: (error: unknown) => void): Test =>
  (event) => {
    try {
      return test(event)
    } catch (error) {
      onError(error)
      return false
    }
  }

/** A condition; what is neither true nor false counts as false. */
export function compileTest(expression: Expression): Test {
  switch (expression.kind) {
    case 'and':
      return allOf(expression.operands.map(compileTest))
    case 'or':
      return anyOf(expression.operands.map(compileTest))
    case 'not': {
      const test = compileTest(expression.operand)
      return (event) => !test(event)
    }
    case 'compare':
      return compileComparison(expression.operator, expression.left, expression.right)
    case 'call':
      if (expression.name === 'match') return compileMatch(expression.arguments)
  }
  const value = compileValue(expression)
  return (event) => value(event) === true
}

function allOf(tests: readonly Test[]): Test {
  const [first, second] = tests
  if (tests.length === 2 && first && second) return (event) => first(event) && second(event)
  return (event) => {
    for (const test of tests) if (!test(event)) return false
    return true
  }
}

function anyOf(tests: readonly Test[]): Test {
  const [first, second] = tests
  if (tests.length === 2 && first && second) return (event) => first(event) || second(event)
  return (event) => {
    for (const test of tests) if (test(event)) return true
    return false
  }
}

function compileValue(expression: Expression): Value {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'list': {
      const { items } = expression
      return () => items
    }
    case 'path': {
      const read = ownPathReader(expression.keys)
      return (event) => read(event) ?? null
    }
    case 'call': {
      const call = functions[expression.name]
      const [first, second] = expression.arguments.map(compileValue)
      if (first === undefined) return () => call()
      return second === undefined
        ? (event) => call(first(event))
        : (event) => call(first(event), second(event))
    }
    default:
      return compileTest(expression)
  }
}

/** A constant pattern is compiled once. */
function compileMatch(parameters: readonly Expression[]): Test {
  const [text, pattern] = parameters
  if (text === undefined || pattern === undefined) return () => false
  const readText = compileValue(text)
  if (pattern.kind === 'literal' && typeof pattern.value === 'string') {
    const matches = globTest(pattern.value)
    return (event) => {
      const value = readText(event)
      return typeof value === 'string' && matches(value)
    }
  }
  const readPattern = compileValue(pattern)
  return (event) => functions.match(readText(event), readPattern(event)) === true
}

function compileComparison(operator: Comparator, left: Expression, right: Expression): Test {
  const readLeft = compileValue(left)
  if ((operator === '=' || operator === '!=') && right.kind === 'literal') {
    const { value } = right
    return operator === '=' ? (event) => readLeft(event) === value : (event) => readLeft(event) !== value
  }
  if (operator === 'in' && right.kind === 'list') {
    const members = new Set<unknown>(right.items)
    return (event) => members.has(readLeft(event))
  }
  const readRight = compileValue(right)
  const compare = comparisons[operator]
  return (event) => compare(readLeft(event), readRight(event))
}
