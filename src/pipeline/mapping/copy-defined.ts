import { maxNesting } from '../../nesting'
import { MappingError } from './mapping-error'
import { isObject } from './type-name'

/** A value of the event nests deeper than waybill follows. */
export const nestedTooDeep = (): MappingError =>
  new MappingError(`a value of the event nests deeper than ${maxNesting} levels`)

/**
 * A deep copy of what a mapping gives, without properties that are undefined, so that no payload shares a list or an
 * object with the event or with another payload. Items of lists keep their place. A property called `__proto__` is left
 * out: no copy may get another prototype from an event.
 * @throws MappingError for a value that nests deeper than 1,000 levels.
 */
export const copyDefined = (value: unknown): unknown => copied(value, 0)

function copied(value: unknown, level: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (level >= maxNesting) throw nestedTooDeep()
  if (Array.isArray(value)) return value.map((item) => copied(item, level + 1))
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined && key !== '__proto__')
      copy[key] = typeof member === 'object' ? copied(member, level + 1) : member
  }
  return copy
}
