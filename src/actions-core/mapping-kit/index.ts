import type { JSONLikeObject, JSONObject, StatsContext } from '@segment/actions-core'
import { cacheByMapping } from '../internal/mapping-kit/cache-by-mapping'
import { compileMapping, requireObject } from '../internal/mapping-kit/compile'
import { realTypeOf } from '../internal/real-type-of'

export type { Features, InputData } from '@segment/actions-core/mapping-kit'
export {
  maxPatternLength as MAX_PATTERN_LENGTH,
  maxReplacementLength as MAX_REPLACEMENT_LENGTH,
} from '../internal/mapping-kit/replace'

const compiledMapping = cacheByMapping(compileMapping)

/**
 * Resolves a mapping for an event. Throws when the event is no object, a `ValidationError` when the mapping is
 * wrong, an `AggregateError` when it is so in several places.
 */
export function transform(
  mapping: JSONLikeObject,
  data: Record<string, unknown> = {},
  statsContext?: StatsContext,
): JSONObject {
  requireObject(data)
  return compiledMapping(mapping)(data, statsContext) as JSONObject
}

/** Resolves a mapping for each event of a batch. Throws as `transform` does, for the mapping once. */
export function transformBatch(
  mapping: JSONLikeObject,
  data: Record<string, unknown>[] = [],
  statsContext?: StatsContext,
): JSONObject[] {
  if (!Array.isArray(data)) throw new Error(`data must be an array, got ${realTypeOf(data)}`)
  const resolve = compiledMapping(mapping)
  return data.map((event) => resolve(event, statsContext) as JSONObject)
}
