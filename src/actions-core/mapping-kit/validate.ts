import { checkMapping } from '../../pipeline/mapping/check-mapping'
import { nestedMistake } from '../../pipeline/mapping/compile-mapping'
import { invalidMapping } from '../../pipeline/mapping/mapping-error'
import { asReferenceError } from '../internal/mapping-kit/mapping-errors'

/**
 * Checks a mapping as `@segment/actions-core` does: properties of objects, options of directives; not the items of
 * lists. Throws a `ValidationError`, or an `AggregateError` of several. `stack`: the keys that lead to the mapping.
 */
export function validate(mapping: unknown, stack: readonly string[] = []): void {
  const mistakes = nestedMistake(mapping) ?? checkMapping(mapping, { isStrict: false, path: stack })
  if (mistakes !== undefined) throw asReferenceError(invalidMapping(mistakes, '', true))
}

// biome-ignore lint/style/noDefaultExport: the reference's module exports it so, and programs import it so
export default validate
