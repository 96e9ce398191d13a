import type { SegmentEvent } from '../../event'
import { ownPathReader } from '../own-path'
import { compileCompatible } from './compatible'
import type { Comparator, Expression } from './expression'
import { functions, globExpression } from './functions'
import { parseSubscription } from './parse-subscription'

type Value = (event: unknown) => unknown
type Test = (event: unknown) => boolean

/** How a filter is read. */
export type SubscriptionOptions = {
  /** Read it as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /** Where it stands in the configuration, for messages. */
  readonly path?: string
  /** Told of a failure on an event, which then does not match. */
  readonly onError?: (error: unknown) => void
}

/**
 * Compiles a filter into a predicate. Everything that does not depend on the event is done here.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with line, column and what was expected.
 */
export function compileSubscription(
  source: string,
  options: SubscriptionOptions = {},
): (event: SegmentEvent) => boolean {
  const test = options.compatibility
    ? compileCompatible(source, options.path)
    : compileTest(parseSubscription(source, options))
  return (event) => {
    try {
      return test(event)
    } catch (error) {
      options.onError?.(error)
      return false
    }
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
    const expression = globExpression(pattern.value)
    return (event) => {
      const value = readText(event)
      return typeof value === 'string' && expression.test(value)
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

const bothNumbers =
  (compare: (left: number, right: number) => boolean) =>
  (left: unknown, right: unknown): boolean =>
    typeof left === 'number' && typeof right === 'number' && compare(left, right)

const comparisons: Readonly<Record<Comparator, (left: unknown, right: unknown) => boolean>> = {
  '=': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': bothNumbers((left, right) => left < right),
  '<=': bothNumbers((left, right) => left <= right),
  '>': bothNumbers((left, right) => left > right),
  '>=': bothNumbers((left, right) => left >= right),
  in: (left, right) => Array.isArray(right) && right.includes(left),
}

/** Strictly, and lists item by item; objects are never equal. */
function isEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]))
  return left === right && (typeof left !== 'object' || left === null)
}
