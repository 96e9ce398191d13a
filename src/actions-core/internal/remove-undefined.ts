import { isObject } from './real-type-of'

/** A deep copy without the properties that are undefined. Lists keep their length. */
export function removeUndefined<T = unknown>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(removeUndefined) as T
  if (!isObject(value)) return value
  const result: Record<string, unknown> = Object.assign({}, value)
  for (const key of Object.keys(result)) {
    const member = result[key]
    if (member === undefined) delete result[key]
    else if (typeof member === 'object') result[key] = removeUndefined(member)
  }
  return result as T
}
