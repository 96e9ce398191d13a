import type { JSONLikeObject, JSONObject, StatsContext } from '@segment/actions-core'
import { compileMapping } from '../../pipeline/mapping/compile-mapping'
import { maxReplaceLength } from '../../pipeline/mapping/directives/text'
import { cacheByMapping } from '../internal/mapping-kit/cache-by-mapping'
import { withReferenceErrors } from '../internal/mapping-kit/mapping-errors'
import { realTypeOf } from '../internal/real-type-of'

export type { Features, InputData } from '@segment/actions-core/mapping-kit'

/** Longest pattern of `@replace`, in characters. */
export const MAX_PATTERN_LENGTH = maxReplaceLength
/** Longest replacement of `@replace`, in characters. */
export const MAX_REPLACEMENT_LENGTH = maxReplaceLength

const compiledMapping = cacheByMapping((mapping) => compileMapping(mapping, { compatibility: true }))

/**
 * Resolves a mapping for an event. Throws when the event is no object, a `ValidationError` when the mapping is
 * wrong, an `AggregateError` when it is so in several places.
 */
export function transform(
  mapping: JSONLikeObject,
  data: Record<string, unknown> = {},
  statsContext?: StatsContext,
): JSONObject {
  const type = realTypeOf(data)
  if (type !== 'object') throw new Error(`data must be an object, got ${type}`)
  return withReferenceErrors(() => compiledMapping(mapping).map(data, statsContext)) as JSONObject
}

/** Resolves a mapping for each event of a batch. Throws as `transform` does, for the mapping once. */
export function transformBatch(
  mapping: JSONLikeObject,
  data: Record<string, unknown>[] = [],
  statsContext?: StatsContext,
): JSONObject[] {
  if (!Array.isArray(data)) throw new Error(`data must be an array, got ${realTypeOf(data)}`)
  return withReferenceErrors(() => {
    const { root } = compiledMapping(mapping)
    return data.map((event) => root.produce(event, statsContext) as JSONObject)
  })
}
