import { compatibleTest, readCompatible, type Unreadable } from '../../../pipeline/filter/compatible'

/** A compiled filter, or why it cannot be read. */
export type Filter = { readonly matches: (event: unknown) => boolean } | Unreadable

const maxFilters = 1_000
const compiled = new Map<string, Filter>()

/** Compiles a filter once; the same text gives the same filter. */
export function filterOf(source: string): Filter {
  const filter = compiled.get(source)
  if (filter) return filter
  const read = readCompatible(source)
  const made: Filter =
    'problem' in read
      ? { problem: `Invalid subscription : ${read.problem}` }
      : { matches: compatibleTest(read) }
  if (compiled.size >= maxFilters) compiled.delete(compiled.keys().next().value as string)
  compiled.set(source, made)
  return made
}
