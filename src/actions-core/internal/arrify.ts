import type { JSONSchema4 } from 'json-schema'
import { isObject } from './real-type-of'

/** A list stays; anything else becomes a list of one. Missing values become an empty list, or stay. */
export function arrify(value: unknown, treatNullAsEmpty: false): unknown
export function arrify<T>(value: T | T[] | null | undefined, treatNullAsEmpty?: true): T[]
export function arrify(value: unknown, treatNullAsEmpty = true): unknown {
  if (value === undefined || value === null) return treatNullAsEmpty ? [] : value
  return Array.isArray(value) ? value : [value]
}

/** Makes lists, in place, of the members that the schema calls lists. */
export function arrifyFields(object: unknown, schema: JSONSchema4 = {}): unknown {
  if (!isObject(object) || !schema.properties) return object
  for (const key of Object.keys(object))
    if (schema.properties[key]?.type === 'array') object[key] = arrify(object[key], false)
  return object
}
