import { maxNesting } from '../../nesting'
import { MappingError } from './mapping-error'
import { isObject } from './type-name'

/** A value of the event nests deeper than waybill follows. */
export const nestedTooDeep = (): MappingError =>
  new MappingError(`a value of the event nests deeper than ${maxNesting} levels`)

/**
 * A deep copy of what a mapping gives, without properties that are undefined, so that no payload shares a list or an
 * object with the event or with another payload. Items of lists keep their place. A property called `__proto__` is left
 * out: no copy may get another prototype from an event. `level`: how deep the value stands itself.
 * @throws MappingError for a value that nests deeper than 1,000 levels.
 */
export function copyDefined(value: unknown, level = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (level >= maxNesting) throw nestedTooDeep()
  if (Array.isArray(value)) return copiedItems(value, level + 1)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined && key !== '__proto__')
      copy[key] = typeof member === 'object' ? copyDefined(member, level + 1) : member
  }
  return copy
}

/** A loop rather than a closure for each list, since this runs for every event. */
function copiedItems(items: readonly unknown[], level: number): unknown[] {
  const copy = items.slice()
  for (let index = 0; index < copy.length; index++) {
    const item = copy[index]
    if (typeof item === 'object') copy[index] = copyDefined(item, level)
  }
  return copy
}
