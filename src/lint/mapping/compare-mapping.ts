import { isWaybillError } from '../../errors'
import { type CompiledMapping, compileMapping } from '../../pipeline/mapping/compile-mapping'
import { isDirective } from '../../pipeline/mapping/scope'
import { isObject } from '../../pipeline/mapping/type-name'
import { isEqual } from '../../pipeline/payload/equal'
import { mayBeText } from '../event-spec'
import type { Keys } from '../filter/condition-tree'
import { mappingEvents } from './mapping-events'
import { mappingPaths } from './mapping-paths'

/** A part of a mapping that gives something else in compatibility mode. */
export type MappingDifference = {
  /** Where, key by key. */
  readonly place: Keys
  /** An event on which the modes disagree; absent where compatibility mode cannot use the mapping at all. */
  readonly witness?: Readonly<Record<string, unknown>>
  /** What the modes give for that event, as JSON, or why they fail. */
  readonly byDefault: string
  readonly compatible: string
}

/**
 * The smallest parts of a mapping whose meaning differs between the modes, each with an event that shows a difference of
 * the whole directive around it. Both are tried on events that give every path
 * of the part values of every kind; the mapping is one that can be read by default.
 */
export function compareMapping(mapping: unknown, place: Keys = []): MappingDifference[] {
  if (!isObject(mapping) && !Array.isArray(mapping)) return []
  const ofParts = (): MappingDifference[] =>
    Object.entries(mapping).flatMap(([key, part]) => compareMapping(part, [...place, key]))
  // An object or a list means what its parts mean.
  if (!isDirective(mapping)) return ofParts()
  const own = differenceOf(mapping)
  if (own === undefined) return []
  const inner = ofParts()
  return inner.length === 0 ? [{ place, ...own }] : inner.map((part) => ({ ...own, place: part.place }))
}

/** The paths, and the members on the way to them that need not be objects. */
const withTexts = (paths: readonly Keys[]): Keys[] =>
  paths.flatMap((keys) => [
    ...keys
      .slice(1)
      .map((_, index) => keys.slice(0, index + 1))
      .filter(mayBeText),
    keys,
  ])

function differenceOf(part: unknown): Omit<MappingDifference, 'place'> | undefined {
  const mapping = { value: part }
  const byDefault = compiled(mapping, false)
  // A part of a directive that cannot stand alone has no meaning of its own.
  if (typeof byDefault === 'string') return undefined
  const compatible = compiled(mapping, true)
  if (typeof compatible === 'string') return { byDefault: 'a value', compatible }
  const paths = mappingPaths(part).map(({ keys }) => keys)
  for (const event of mappingEvents(withTexts(paths))) {
    const [one, other] = [resultOf(byDefault, event), resultOf(compatible, event)]
    if (!isEqual(one.value, other.value) || (one.failure === undefined) !== (other.failure === undefined))
      return { witness: event, byDefault: textOf(one), compatible: textOf(other) }
  }
  return undefined
}

function compiled(mapping: unknown, compatibility: boolean): CompiledMapping | string {
  try {
    return compileMapping(mapping, { compatibility })
  } catch (error) {
    if (!isWaybillError(error)) throw error
    return `the mapping is refused: ${error.problems[0]?.message ?? error.message}`
  }
}

type Result = { readonly value?: unknown; readonly failure?: string }

function resultOf({ map }: CompiledMapping, event: unknown): Result {
  try {
    return map(event) as { value?: unknown }
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

function textOf({ value, failure }: Result): string {
  if (failure !== undefined) return `an error (${failure})`
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? 'nothing')
}
