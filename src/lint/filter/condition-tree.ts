import { type CompatibleGroup, compatibleTest } from '../../pipeline/filter/compatible'
import { compileTest } from '../../pipeline/filter/compile-subscription'
import type { Expression } from '../../pipeline/filter/expression'

/** Keys that lead from an event to a value. */
export type Keys = readonly string[]

/** A condition that is not taken apart any further: it can be tried on an event. */
export type Leaf = {
  readonly kind: 'leaf'
  readonly test: (event: unknown) => boolean
  /** What it reads. */
  readonly paths: readonly Keys[]
  /** Texts, numbers and so on that it compares with: what to try it on. */
  readonly constants: readonly unknown[]
}

/** A filter taken apart into `and`, `or`, `not` and leaves. */
export type ConditionTree =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly ConditionTree[] }
  | { readonly kind: 'not'; readonly operand: ConditionTree }
  | Leaf

/** The tree of a filter as waybill reads it by default. */
export function defaultTree(expression: Expression): ConditionTree {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, operands: expression.operands.map(defaultTree) }
    case 'not':
      return { kind: 'not', operand: defaultTree(expression.operand) }
    default:
      return {
        kind: 'leaf',
        test: compileTest(expression),
        paths: pathsIn(expression),
        constants: constantsIn(expression),
      }
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands
    case 'not':
      return [expression.operand]
    case 'compare':
      return [expression.left, expression.right]
    case 'call':
      return expression.arguments
    default:
      return []
  }
}

/** Every path that an expression reads. */
export const pathsIn = (expression: Expression): Keys[] =>
  expression.kind === 'path' ? [expression.keys] : partsOf(expression).flatMap(pathsIn)

function constantsIn(expression: Expression): unknown[] {
  if (expression.kind === 'literal') return [expression.value]
  if (expression.kind === 'list') return [expression.items, ...expression.items]
  return partsOf(expression).flatMap(constantsIn)
}

type CompatibleCondition = CompatibleGroup['children'][number]

const membersOf = {
  'event-type': ['type'],
  event: ['event'],
  name: ['name'],
  userId: ['userId'],
  'event-property': ['properties'],
  'event-trait': ['traits'],
  'event-context': ['context'],
} as const

/** The tree of a filter as the reference reads it. */
export function compatibleTree(group: CompatibleGroup): ConditionTree {
  // An empty group makes the reference fail on every event that reaches it, so order matters there.
  if (!isWhole(group)) return { kind: 'leaf', test: safely(compatibleTest(group)), ...readBy(group) }
  return treeOf(group)
}

function treeOf(condition: CompatibleCondition): ConditionTree {
  if (condition.type === 'group')
    return { kind: condition.operator, operands: condition.children.map(treeOf) }
  const alone: CompatibleGroup = { type: 'group', operator: 'and', children: [condition] }
  return { kind: 'leaf', test: compatibleTest(alone), ...readBy(condition) }
}

const isWhole = (condition: CompatibleCondition | undefined): boolean =>
  condition !== undefined && (condition.type !== 'group' || condition.children.every(isWhole))

/** What fails on an event does not match. */
const safely =
  (test: (event: unknown) => boolean) =>
  (event: unknown): boolean => {
    try {
      return test(event)
    } catch {
      return false
    }
  }

function readBy(condition: CompatibleCondition | undefined): Pick<Leaf, 'paths' | 'constants'> {
  if (condition === undefined) return { paths: [], constants: [] }
  if (condition.type === 'group') {
    const inner = condition.children.map(readBy)
    return {
      paths: inner.flatMap(({ paths }) => paths),
      constants: inner.flatMap(({ constants }) => constants),
    }
  }
  const name = 'name' in condition ? condition.name : ''
  // As the reference splits a path: at dots and brackets.
  const keys: Keys = [...membersOf[condition.type], ...(name.match(/[^[.\]]+/g) ?? [])]
  return { paths: [keys], constants: condition.value === undefined ? [] : [condition.value] }
}
