import { isEqual } from '../../pipeline/payload/equal'
import { compilePreparation, type Preparation, type PreparationOptions } from '../../pipeline/prepare'

/** Compiles preparations; throws what `compilePreparation` throws. */
export type Prepare = (options: PreparationOptions) => Preparation

/**
 * Compiles the preparations of one runtime. Subscriptions of the same fields with equal mappings share one, since it
 * keeps nothing between events: thousands of connections with the presets of a destination cost the memory of one.
 */
export function sharePreparations(): Prepare {
  const byFields = new Map<object, Map<string, Preparation>>()
  return (options) => {
    const key = keyOf(options)
    if (key === undefined) return compilePreparation(options)
    const known = byFields.get(options.fields) ?? new Map<string, Preparation>()
    byFields.set(options.fields, known)
    const preparation = known.get(key) ?? compilePreparation(options)
    known.set(key, preparation)
    return preparation
  }
}

/** What else decides a preparation; undefined for a mapping that is more than JSON. */
function keyOf({ fields: _given, mapping, path: _place, ...others }: PreparationOptions): string | undefined {
  const text = JSON.stringify(mapping)
  return text !== undefined && isEqual(JSON.parse(text), mapping) ? JSON.stringify([others, text]) : undefined
}
