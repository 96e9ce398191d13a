import type { SegmentEvent } from '../../../event'
import { compileSubscription } from '../../../pipeline/filter/compile-subscription'

/** A compiled filter, or why it cannot be read. */
export type Filter = { readonly matches: (event: SegmentEvent) => boolean } | { readonly problem: string }

type ReferenceParser = typeof import('@segment/destination-subscriptions')

/** As the reference reads it. */
function compileAsReference(source: string): Filter {
  const { parseFql, validate } = require('@segment/destination-subscriptions') as ReferenceParser
  const parsed = parseFql(source)
  return 'error' in parsed && parsed.error
    ? { problem: parsed.error.message }
    : { matches: (event) => validate(parsed, event as never) }
}

function compileCorrectly(source: string): Filter {
  try {
    return { matches: compileSubscription(source) }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

const maxFilters = 1_000
const compiled = { reference: new Map<string, Filter>(), correct: new Map<string, Filter>() }

/** Compiles a filter once; the same text gives the same filter. */
export function filterOf(source: string, isCompatible: boolean): Filter {
  const known = isCompatible ? compiled.reference : compiled.correct
  const filter = known.get(source)
  if (filter) return filter
  const made = isCompatible ? compileAsReference(source) : compileCorrectly(source)
  if (known.size >= maxFilters) known.delete(known.keys().next().value as string)
  known.set(source, made)
  return made
}
