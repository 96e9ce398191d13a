const tagOf = Object.prototype.toString

/** The type of a value as messages name it: `string`, `null`, `array`, `date`, `undefined`. */
export const typeName = (value: unknown): string => tagOf.call(value).slice(8, -1).toLowerCase()

/** An object that can hold properties by name: no list, no null, no `Date` and its like. */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || tagOf.call(value) === '[object Object]'
}

/** `a` or `an`, as the noun wants it. */
export const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a')
