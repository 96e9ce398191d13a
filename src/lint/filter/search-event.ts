import { buildEvent } from '../build-event'
import { mayBeText } from '../event-spec'
import { candidateValues, missing } from './candidates'
import type { ConditionTree, Keys, Leaf } from './condition-tree'

/** True, false, or not yet known. */
export type Known = boolean | undefined

/** What a search came to. `undecided`: there are too many combinations to try them all. */
export type SearchResult =
  | { readonly kind: 'found'; readonly event: Record<string, unknown> }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided' }

type Variable = { readonly keys: Keys; readonly values: readonly unknown[] }

/** Steps that a search may take; a filter of a hundred conditions stays well below. */
const mostSteps = 60_000

/**
 * Looks for an event on which `decide` is true, given what the trees say of it. Every combination of values that the
 * conditions can tell apart is tried, value by value; a branch is left as soon as `decide` knows that it leads nowhere.
 */
export function searchEvent(
  trees: readonly ConditionTree[],
  decide: (results: readonly Known[]) => Known,
): SearchResult {
  const leaves = trees.flatMap(leavesOf)
  const variables = variablesOf(leaves)
  const readers = new Map(leaves.map((leaf) => [leaf, createReader(leaf, variables)]))
  const chosen = new Map<Keys, unknown>()
  let steps = 0

  const evaluate = (tree: ConditionTree): Known => {
    if (tree.kind === 'leaf') return readers.get(tree)?.(chosen)
    if (tree.kind === 'not') {
      const inner = evaluate(tree.operand)
      return inner === undefined ? undefined : !inner
    }
    return joined(tree.operands.map(evaluate), tree.kind === 'or')
  }

  const visit = (position: number): 'found' | 'none' | 'undecided' => {
    steps += 1
    if (steps > mostSteps) return 'undecided'
    const verdict = decide(trees.map(evaluate))
    if (verdict === false) return 'none'
    const variable = variables[position]
    if (verdict === true || variable === undefined)
      return verdict === true && buildEvent(chosen) !== undefined ? 'found' : 'none'
    for (const value of variable.values) {
      chosen.set(variable.keys, value)
      const result = visit(position + 1)
      if (result !== 'none') return result
      chosen.delete(variable.keys)
    }
    return 'none'
  }

  const kind = visit(0)
  return kind === 'found' ? { kind, event: simplest(chosen, trees, decide) } : { kind }
}

function joined(results: readonly Known[], decisive: boolean): Known {
  if (results.includes(decisive)) return decisive
  return results.includes(undefined) ? undefined : !decisive
}

const leavesOf = (tree: ConditionTree): Leaf[] => {
  if (tree.kind === 'leaf') return [tree]
  return tree.kind === 'not' ? leavesOf(tree.operand) : tree.operands.flatMap(leavesOf)
}

const pathText = (keys: Keys): string => JSON.stringify(keys)
const isPrefix = (one: Keys, other: Keys): boolean => one.every((key, index) => other[index] === key)
const areRelated = (one: Keys, other: Keys): boolean => isPrefix(one, other) || isPrefix(other, one)

/** What a leaf says, once everything that it reads has a value; remembered by those values. */
function createReader(leaf: Leaf, variables: readonly Variable[]) {
  const read = variables
    .map(({ keys }) => keys)
    .filter((keys) => leaf.paths.some((path) => areRelated(path, keys)))
  const known = new Map<string, Known>()
  return (chosen: ReadonlyMap<Keys, unknown>): Known => {
    if (!read.every((keys) => chosen.has(keys))) return undefined
    const values = new Map(read.map((keys) => [keys, chosen.get(keys)]))
    const key = JSON.stringify(
      [...values.values()].map((value) => (value === missing ? ['missing'] : [0, value])),
    )
    if (!known.has(key)) {
      const event = buildEvent(values)
      known.set(key, event !== undefined && leaf.test(event))
    }
    return known.get(key)
  }
}

/** One variable per path, and per member on the way to it that need not be an object. */
function variablesOf(leaves: readonly Leaf[]): Variable[] {
  const read = withoutRepeats(leaves.flatMap(({ paths }) => paths))
  const onTheWay = read.flatMap((keys) =>
    keys
      .slice(1)
      .map((_, index) => keys.slice(0, index + 1))
      .filter(mayBeText),
  )
  return withoutRepeats([...read, ...onTheWay]).map((keys) => {
    const readers = leaves.filter(({ paths }) => paths.some((path) => areRelated(path, keys)))
    const linked = linkedPaths(keys, readers)
    const tests = linked.map((path) => ({
      path,
      readers: leaves.filter(({ paths }) => paths.every((other) => areRelated(other, path))),
    }))
    const constants = linked.flatMap((path) =>
      leaves
        .filter(({ paths }) => paths.some((other) => areRelated(other, path)))
        .flatMap((leaf) => leaf.constants),
    )
    const isCompared = linked.length > 1
    return {
      keys,
      values: distinguished(candidateValues(constants), tests, isCompared ? perKindCompared : 1),
    }
  })
}

/** Values of each kind to keep where a condition compares two paths: equal ones, and others. */
const perKindCompared = 3

const withoutRepeats = (paths: readonly Keys[]): Keys[] => [
  ...new Map(paths.map((keys) => [pathText(keys), keys])).values(),
]

/** The path itself, and those that some condition compares with it. */
function linkedPaths(keys: Keys, readers: readonly Leaf[]): Keys[] {
  const others = readers.flatMap(({ paths }) => paths).filter((path) => !areRelated(path, keys))
  return withoutRepeats([keys, ...others])
}

type Tests = { readonly path: Keys; readonly readers: readonly Leaf[] }

/** The first values of each kind that the conditions can tell apart. */
function distinguished(values: readonly unknown[], tests: readonly Tests[], perKind: number): unknown[] {
  const bySignature = new Map<string, unknown[]>()
  for (const value of values) {
    const signature = tests
      .map(({ path, readers }) => {
        const event = buildEvent(new Map([[path, value]]))
        return readers.map(({ test }) => (test(event) ? 1 : 0)).join('')
      })
      .join(' ')
    const kept = bySignature.get(signature)
    if (kept === undefined) bySignature.set(signature, [value])
    else if (kept.length < perKind) kept.push(value)
  }
  return [...bySignature.values()].flat()
}

const withoutType = (values: ReadonlyMap<Keys, unknown>) => [...values].filter(([keys]) => keys[0] !== 'type')

const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias']

/** The event without what it does not need, and with a type, as every event has one. */
function simplest(
  chosen: ReadonlyMap<Keys, unknown>,
  trees: readonly ConditionTree[],
  decide: (results: readonly Known[]) => Known,
): Record<string, unknown> {
  const holds = (values: ReadonlyMap<Keys, unknown>): boolean => {
    const event = buildEvent(values)
    return event !== undefined && decide(trees.map((tree) => decided(tree, event))) === true
  }
  let values = new Map([...chosen])
  for (const keys of chosen.keys()) {
    const without = new Map(values)
    without.delete(keys)
    if (holds(without)) values = without
  }
  const hasType = [...values].some(([keys, value]) => keys[0] === 'type' && value !== missing)
  const typed = hasType
    ? []
    : eventTypes.map((type) => new Map<Keys, unknown>([[['type'], type], ...withoutType(values)]))
  return buildEvent(typed.find(holds) ?? values) as Record<string, unknown>
}

function decided(tree: ConditionTree, event: unknown): boolean {
  if (tree.kind === 'leaf') return tree.test(event)
  if (tree.kind === 'not') return !decided(tree.operand, event)
  return tree.kind === 'and'
    ? tree.operands.every((operand) => decided(operand, event))
    : tree.operands.some((operand) => decided(operand, event))
}
