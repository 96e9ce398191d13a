import type { StatsContext } from '@segment/actions-core'
import { copyDefined } from './copy-defined'
import { type ReadPath, readerOf } from './property-path'

/** Gives a value for a root: the event, or the item of a list. May share objects with the root. */
export type Resolve = (root: unknown, stats?: StatsContext) => unknown

/** What kind of value a part of a mapping gives: known to the code generator and to explanations. */
export type NodeShape =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, MappingNode])[] }
  | { readonly kind: 'list'; readonly items: readonly MappingNode[] }
  | { readonly kind: 'path'; readonly text: string; readonly keys: readonly string[] }
  | {
      readonly kind: 'template'
      readonly parts: readonly (string | readonly string[])[]
      /** A value as the template shows it. */
      readonly show: (value: unknown) => string
    }
  | {
      readonly kind: 'if'
      readonly test: 'exists' | 'blank'
      /** What `test` asks of the value. */
      readonly holds: (value: unknown) => boolean
      readonly value: MappingNode
      readonly then: MappingNode | undefined
      readonly otherwise: MappingNode | undefined
    }
  | { readonly kind: 'case'; readonly isUpper: boolean; readonly value: MappingNode }
  /** Each item of a list, or the one object, is the root of `shape`. */
  | { readonly kind: 'each'; readonly list: MappingNode; readonly shape: MappingNode }
  /** Any other directive; `inputs` are the parts that it resolves. */
  | { readonly kind: 'directive'; readonly name: string; readonly inputs: readonly MappingNode[] }

/** A part of a mapping, read once. */
export type MappingNode = NodeShape & {
  readonly resolve: Resolve
  /** As `resolve`, but the result is the caller's own: a deep copy without undefined properties. */
  readonly produce: Resolve
  /** Whether some event can make it throw. */
  readonly canThrow: boolean
}

/** A value that depends on nothing. Lists and objects of mappings are read as lists and records instead. */
export function constantNode(value: unknown): MappingNode {
  const resolve: Resolve = () => value
  return { kind: 'constant', value, resolve, produce: resolve, canThrow: false }
}

/** A path of literal keys. */
export function pathNode(text: string, keys: readonly string[], compatibility: boolean): MappingNode {
  const read: ReadPath = readerOf(keys, compatibility)
  return {
    kind: 'path',
    text,
    keys,
    resolve: read,
    produce: (root) => {
      const value = read(root)
      return typeof value === 'object' ? copyDefined(value) : value
    },
    canThrow: false,
  }
}

/** An object whose properties are mapped one by one. */
export function recordNode(entries: readonly (readonly [string, MappingNode])[]): MappingNode {
  const build = (how: 'resolve' | 'produce', keepsUndefined: boolean): Resolve => {
    const steps = entries.map(([key, node]) => ({ key, run: node[how] }))
    return (root, stats) => {
      const result: Record<string, unknown> = {}
      for (const { key, run } of steps) {
        const value = run(root, stats && tagged(stats, key))
        if (keepsUndefined || value !== undefined) result[key] = value
      }
      return result
    }
  }
  return {
    kind: 'record',
    entries,
    resolve: build('resolve', true),
    produce: build('produce', false),
    canThrow: entries.some(([, node]) => node.canThrow),
  }
}

/** The reference names the field that a measurement is about; its tags are never changed in place. */
const tagged = (stats: StatsContext, key: string): StatsContext =>
  stats.tags === undefined ? stats : { ...stats, tags: [...stats.tags, `fieldKey:${key}`] }

/** A list whose items are mapped one by one; what comes to undefined keeps its place. */
export function listNode(items: readonly MappingNode[]): MappingNode {
  return {
    kind: 'list',
    items,
    resolve: (root, stats) => items.map((item) => item.resolve(root, stats)),
    produce: (root, stats) => items.map((item) => item.produce(root, stats)),
    canThrow: items.some((item) => item.canThrow),
  }
}

/** Any directive that has no form of its own here. `gives`: whether its results are plain values, never objects. */
export function directiveNode(
  name: string,
  inputs: readonly MappingNode[],
  resolve: Resolve,
  options: { readonly canThrow?: boolean; readonly gives?: 'scalars' | 'anything' } = {},
): MappingNode {
  return {
    kind: 'directive',
    name,
    inputs,
    resolve,
    produce: options.gives === 'scalars' ? resolve : (root, stats) => copyDefined(resolve(root, stats)),
    canThrow: (options.canThrow ?? false) || inputs.some((input) => input.canThrow),
  }
}

/** The same part, whose templates are left out of statistics: the reference counts those of plain properties alone. */
export const unmeasured = (node: MappingNode): MappingNode =>
  node.kind === 'constant' || node.kind === 'path'
    ? node
    : {
        ...node,
        resolve: (root) => node.resolve(root),
        produce: (root) => node.produce(root),
      }

/** A part that fails whenever it is reached. */
export function failureNode(name: string, error: Error): MappingNode {
  return directiveNode(
    name,
    [],
    () => {
      throw error
    },
    { canThrow: true, gives: 'scalars' },
  )
}
