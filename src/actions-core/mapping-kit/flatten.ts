import { isObject } from '../internal/real-type-of'

/** One level of keys joined by a separator, from nested objects and, unless told otherwise, lists. */
export function flattenObject(
  input: unknown,
  prefix = '',
  separator = '.',
  ignoreArrays = false,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  flattenInto(result, input, prefix, separator, ignoreArrays)
  return result
}

function flattenInto(
  result: Record<string, unknown>,
  input: unknown,
  prefix: string,
  separator: string,
  ignoreArrays: boolean,
): void {
  if (!isObject(input) && (ignoreArrays || !Array.isArray(input))) {
    if (prefix !== '__proto__') result[prefix] = input
    return
  }
  for (const [key, value] of Object.entries(input))
    flattenInto(result, value, prefix ? `${prefix}${separator}${key}` : key, separator, ignoreArrays)
}
