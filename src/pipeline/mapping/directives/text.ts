import { liquidRenderer } from '../liquid'
import { MappingError } from '../mapping-error'
import { constantNode, directiveNode, failureNode, type MappingNode } from '../node'
import type { ParseDirective } from '../scope'
import { isObject } from '../type-name'

/** `{ operator: "upper" | "lower", value }`; values that are no text pass unchanged. */
export const parseCase: ParseDirective = (options, scope) => {
  if (!isObject(options))
    return failureNode('@case', new MappingError('@case requires an object with a "operator" key'))
  const { operator } = options
  if (!operator) return failureNode('@case', new MappingError('@case requires a "operator" key'))
  if (!options.value) return constantNode(undefined)
  const value = scope.parse(options.value)
  return operator === 'upper' || operator === 'lower'
    ? caseNode(operator === 'upper', value)
    : unknownCaseNode(value)
}

function caseNode(isUpper: boolean, value: MappingNode): MappingNode {
  const change = (found: unknown): unknown => {
    if (typeof found !== 'string') return found
    return isUpper ? found.toUpperCase() : found.toLowerCase()
  }
  return {
    kind: 'case',
    isUpper,
    value,
    resolve: (root) => change(value.resolve(root)),
    produce: (root) => change(value.produce(root)),
    canThrow: value.canThrow,
  }
}

/** The reference finds out about a wrong operator when a text arrives. */
const unknownCaseNode = (value: MappingNode): MappingNode =>
  directiveNode(
    '@case',
    [value],
    (root) => {
      const found = value.resolve(root)
      if (typeof found === 'string')
        throw new MappingError('operator key should have a value of "lower" or "upper"')
      return found
    },
    { canThrow: true },
  )

/** The longest pattern and replacement of `@replace`, in characters. */
export const maxReplaceLength = 10

type Step = (text: string) => string

/**
 * `{ pattern, replacement?, value, global?, ignorecase?, pattern2?, replacement2? }`. The pattern is taken literally;
 * in the replacement `$&` and its like are understood. Numbers and booleans count as text; anything else gives ''.
 */
export const parseReplace: ParseDirective = (options, scope) => {
  if (!isObject(options))
    return failureNode('@replace', new MappingError('@replace requires an object with a "pattern" key'))
  if (!options.pattern) return failureNode('@replace', new MappingError('@replace requires a "pattern" key'))
  if (!options.value) return constantNode(undefined)
  const value = scope.parse(options.value)
  const run = replaceSteps(options)
  return directiveNode(
    '@replace',
    [value],
    (root) => {
      const found = value.resolve(root)
      const text = typeof found === 'boolean' || typeof found === 'number' ? String(found) : found
      return typeof text === 'string' ? run(text) : ''
    },
    { canThrow: true, gives: 'scalars' },
  )
}

/** Options of the wrong type, which only an unchecked mapping can hold, give '' as in the reference. */
function replaceSteps(options: Record<string, unknown>): Step {
  const { pattern, pattern2 } = options
  const replacement = options.replacement ?? ''
  const global = options.global ?? true
  const ignorecase = options.ignorecase ?? false
  if (typeof pattern !== 'string' || typeof replacement !== 'string') return () => ''
  if (typeof global !== 'boolean' || typeof ignorecase !== 'boolean') return () => ''
  const flags = `${global ? 'g' : ''}${ignorecase ? 'i' : ''}`
  const first = replaceStep(pattern, replacement, flags)
  const replacement2 = options.replacement2 ?? ''
  if (!pattern2 || typeof pattern2 !== 'string' || typeof replacement2 !== 'string') return first
  const second = replaceStep(pattern2, replacement2, flags)
  return (text) => second(first(text))
}

function replaceStep(pattern: string, replacement: string, flags: string): Step {
  if (pattern.length > maxReplaceLength) return tooLong('pattern')
  if (replacement.length > maxReplaceLength) return tooLong('replacement')
  const expression = new RegExp(pattern.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'), flags)
  return (text) => text.replace(expression, replacement)
}

const tooLong =
  (option: string): Step =>
  () => {
    throw new MappingError(`@replace requires a "${option}" less than ${maxReplaceLength} characters`)
  }

/** A Liquid template of at most 1,000 characters. */
export const parseLiquid: ParseDirective = (text, scope) =>
  typeof text === 'string'
    ? directiveNode('@liquid', [], liquidRenderer(text, scope.compatibility), {
        canThrow: true,
        gives: 'scalars',
      })
    : failureNode('@liquid', new MappingError('liquid template value must be a string'))
