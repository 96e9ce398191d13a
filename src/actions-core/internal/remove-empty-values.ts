import type { JSONSchema4 } from 'json-schema'
import { arrify } from './arrify'
import { isObject } from './real-type-of'

/**
 * A copy without null and '' where the schema has no use for them. `isRoot`: '' counts as absent for every member.
 */
export function removeEmptyValues(value: unknown, schema: JSONSchema4 = {}, isRoot = false): unknown {
  if (!schema.type && !schema.enum) return value
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.filter((item) => removeEmptyValues(item, items as JSONSchema4) !== undefined) : value
  }
  if (isObject(value)) return withoutEmptyMembers(value, schema, isRoot)
  const types = arrify<unknown>(schema.type)
  if (value === null && !types.includes('null')) return undefined
  return value === '' && !types.includes('string') ? undefined : value
}

function withoutEmptyMembers(
  object: Record<string, unknown>,
  schema: JSONSchema4,
  isRoot: boolean,
): Record<string, unknown> {
  if (!schema.properties) return object
  const result = { ...object }
  for (const key of Object.keys(result)) {
    const member = removeEmptyValues(result[key], schema.properties[key])
    if (member === undefined || (member === '' && isRoot)) delete result[key]
    else result[key] = member
  }
  return result
}
