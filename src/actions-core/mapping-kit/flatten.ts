import { flattened } from '../../pipeline/mapping/directives/structure'

/** One level of keys joined by a separator, from nested objects and, unless told otherwise, lists. */
export function flattenObject(
  input: unknown,
  prefix = '',
  separator = '.',
  ignoreArrays = false,
): Record<string, unknown> {
  return flattened(input, prefix, { separator, omitArrays: ignoreArrays })
}
