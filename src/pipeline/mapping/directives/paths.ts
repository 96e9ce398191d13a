import { MappingError } from '../mapping-error'
import { directiveNode, failureNode, type MappingNode, pathNode, unmeasured } from '../node'
import { inheritedStep, keysOfPath, ownStep } from '../property-path'
import type { ParseDirective, Scope } from '../scope'
import { isObject, typeName } from '../type-name'

const literalPath = (text: string, scope: Scope): MappingNode =>
  pathNode(text, keysOfPath(text, scope.compatibility), scope.compatibility)

/** `"$.traits.email"`, or a directive that gives such a text. */
export const parsePath: ParseDirective = (value, scope) => {
  const node = scope.parse(value)
  if (node.kind === 'constant' && typeof node.value === 'string') return literalPath(node.value, scope)
  const step = scope.compatibility ? inheritedStep : ownStep
  return directiveNode(
    '@path',
    [node],
    (root) => {
      const text = node.resolve(root)
      if (typeof text !== 'string') throw new MappingError(`@path: expected string, got ${typeName(text)}`)
      return keysOfPath(text, scope.compatibility).reduce(step, root)
    },
    { canThrow: true },
  )
}

/**
 * `[list, shape]`: in the shape each item is the root. One object counts as a list of one; without a shape the list is
 * taken as it is.
 */
export const parseArrayPath: ParseDirective = (value, scope) => {
  if (!Array.isArray(value))
    return failureNode('@arrayPath', new MappingError(`@arrayPath expected array, got ${typeName(value)}`))
  const [listText, shapeValue] = value as readonly unknown[]
  const list = typeof listText === 'string' ? literalPath(listText, scope) : scope.parse(listText)
  if (!isObject(shapeValue) || Object.keys(shapeValue).length === 0) return unmeasured(list)
  return eachNode(list, scope.parse(shapeValue))
}

function eachNode(list: MappingNode, shape: MappingNode): MappingNode {
  const build = (how: 'resolve' | 'produce') => (root: unknown) => {
    const found = list.resolve(root)
    if (Array.isArray(found)) return found.map((item) => shape[how](item))
    return isObject(found) ? [shape[how](found)] : found
  }
  return {
    kind: 'each',
    list,
    shape,
    resolve: build('resolve'),
    produce: build('produce'),
    canThrow: list.canThrow || shape.canThrow,
  }
}
