import type { JSONLikeObject, JSONObject, StatsContext } from '@segment/actions-core'
import { type CompiledMapping, compileMapping } from './compile-mapping'
import { MappingError } from './mapping-error'
import { isObject, typeName } from './type-name'

type Known = { readonly snapshot: unknown; readonly compiled: CompiledMapping }

/** Programs hand in the same mapping object again and again, and may change it between two calls. */
const known = new WeakMap<object, Known>()

function compiled(mapping: object): CompiledMapping {
  const entry = known.get(mapping)
  if (entry !== undefined && isUnchanged(mapping, entry.snapshot)) return entry.compiled
  const fresh = compileMapping(mapping, { compatibility: true })
  known.set(mapping, { snapshot: snapshotOf(mapping), compiled: fresh })
  return fresh
}

function snapshotOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snapshotOf)
  if (!isObject(value)) return value
  return new Map(Object.keys(value).map((key) => [key, snapshotOf(value[key])]))
}

function isUnchanged(value: unknown, snapshot: unknown): boolean {
  if (Array.isArray(value))
    return (
      Array.isArray(snapshot) &&
      value.length === snapshot.length &&
      value.every((item, index) => isUnchanged(item, snapshot[index]))
    )
  if (!isObject(value)) return Object.is(value, snapshot)
  if (!(snapshot instanceof Map)) return false
  const keys = Object.keys(value)
  if (keys.length !== snapshot.size) return false
  let position = 0
  for (const [key, member] of snapshot) {
    if (keys[position] !== key || !isUnchanged(value[key], member)) return false
    position += 1
  }
  return true
}

/**
 * The reference's `transform`: the mapping of one event. The mapping is compiled when it is first seen, and again
 * when it has changed.
 * @throws what the reference throws, by name and message.
 */
export function transform(mapping: JSONLikeObject, data: unknown = {}, stats?: StatsContext): JSONObject {
  if (!isObject(data)) throw new MappingError(`data must be an object, got ${typeName(data)}`, 'Error')
  return asPlainError(() => compiled(mapping).root.produce(data, stats)) as JSONObject
}

/** The reference's `transformBatch`: the mapping of each event. */
export function transformBatch(
  mapping: JSONLikeObject,
  data: unknown = [],
  stats?: StatsContext,
): JSONObject[] {
  if (!Array.isArray(data)) throw new MappingError(`data must be an array, got ${typeName(data)}`, 'Error')
  return asPlainError(() => {
    const { root } = compiled(mapping)
    return data.map((event) => root.produce(event, stats)) as JSONObject[]
  })
}

/** Programs written for the reference know errors of mappings as plain errors. */
function asPlainError<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (error instanceof MappingError && error.name === 'MappingError') error.name = 'Error'
    throw error
  }
}
