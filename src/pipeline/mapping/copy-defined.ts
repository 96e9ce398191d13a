import { isObject } from './type-name'

/**
 * A deep copy of what a mapping gives, without members that are undefined, so that no payload shares a list or an
 * object with the event or with another payload. Items of lists keep their place. A member called `__proto__` is left
 * out: no copy may get another prototype from an event.
 */
export function copyDefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyDefined)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined && key !== '__proto__')
      copy[key] = typeof member === 'object' ? copyDefined(member) : member
  }
  return copy
}
