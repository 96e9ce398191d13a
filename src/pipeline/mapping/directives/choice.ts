import { MappingError } from '../mapping-error'
import { failureNode, type MappingNode } from '../node'
import type { ParseDirective } from '../scope'
import { isObject } from '../type-name'

/** Neither missing nor null. */
const exists = (value: unknown): boolean => value !== undefined && value !== null

/**
 * What the condition called `blank` asks, which is the contrary: whether a value differs loosely from ''. So 0, false,
 * [] and [''] are blank, ' ' and {} are not.
 */
function isNotBlank(value: unknown): boolean {
  if (!exists(value) || value === '' || value === 0 || value === false || value === 0n) return false
  return !(Array.isArray(value) && isBlankList(value))
}

/** A list whose items joined by commas make ''. */
const isBlankList = (list: readonly unknown[]): boolean =>
  list.length === 0 ||
  (list.length === 1 &&
    (!exists(list[0]) || list[0] === '' || (Array.isArray(list[0]) && isBlankList(list[0]))))

/** As the reference asks it: throws for an object that has no text. */
// biome-ignore lint/suspicious/noDoubleEquals: 0, false and an empty list count as blank
const isCompatiblyNotBlank = (value: unknown): boolean => exists(value) && value != ''

/** `{ exists | blank, then, else }`. With both conditions, `exists` decides. */
export const parseIf: ParseDirective = (value, scope) => {
  if (!isObject(value))
    return failureNode('@if', new MappingError('@if requires an object with an "exists" key'))
  // The reference wants a condition that is truthy, and takes an `else` of 0, false or '' for none.
  const isMissing = scope.compatibility
    ? !value.exists && !value.blank
    : value.exists === undefined && value.blank === undefined
  if (isMissing) return failureNode('@if', new MappingError('@if requires an "exists" key or a "blank" key'))
  const test = value.exists === undefined ? 'blank' : 'exists'
  const hasElse = scope.compatibility ? Boolean(value.else) : value.else !== undefined
  return ifNode(
    test,
    scope.parse(value[test]),
    value.then === undefined ? undefined : scope.parse(value.then),
    hasElse ? scope.parse(value.else) : undefined,
    scope.compatibility,
  )
}

/** A choice between two parts, each of which may be missing. */
export function ifNode(
  test: 'exists' | 'blank',
  value: MappingNode,
  then: MappingNode | undefined,
  otherwise: MappingNode | undefined,
  compatibility = false,
): MappingNode {
  const holds = test === 'exists' ? exists : compatibility ? isCompatiblyNotBlank : isNotBlank
  return {
    kind: 'if',
    test,
    holds,
    value,
    then,
    otherwise,
    resolve: (root) => (holds(value.resolve(root)) ? then : otherwise)?.resolve(root),
    produce: (root) => (holds(value.resolve(root)) ? then : otherwise)?.produce(root),
    canThrow: holds === isCompatiblyNotBlank || [value, then, otherwise].some((node) => node?.canThrow),
  }
}
