import { isObject } from '../mapping/type-name'
import { type PayloadSchema, propertySchema, typesOf } from './payload-schema'

/**
 * A value without what counts as absent: null where the schema has no null, '' where it has no text, and at the root
 * any ''. Properties of objects in lists stay as they are. Gives undefined when nothing is left.
 */
export function removeEmptyValues(value: unknown, schema: PayloadSchema = {}, isRoot = false): unknown {
  if (!schema.type && !schema.enum) return value
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined ? value : value.filter((item) => removeEmptyValues(item, items) !== undefined)
  }
  if (isObject(value)) return schema.properties === undefined ? value : withoutEmpty(value, schema, isRoot)
  const types = typesOf(schema)
  if (value === null && !types.includes('null')) return undefined
  return value === '' && !types.includes('string') ? undefined : value
}

function withoutEmpty(
  value: Record<string, unknown>,
  schema: PayloadSchema,
  isRoot: boolean,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = removeEmptyValues(value[key], propertySchema(schema, key))
    if (member !== undefined && !(isRoot && member === '') && key !== '__proto__') result[key] = member
  }
  return result
}

/** A value as a list: none for null and undefined (or null itself, on demand), a list as it is, else a list of one. */
export function arrify<Value>(
  value: Value | readonly Value[] | null | undefined,
  treatNullAsEmpty = true,
): Value[] | null | undefined {
  if (value === undefined || value === null) return treatNullAsEmpty ? [] : (value as null | undefined)
  return Array.isArray(value) ? value : [value as Value]
}

/** Wraps single values of fields that hold lists. Changes the payload. */
export function arrifyFields(payload: unknown, schema: PayloadSchema): void {
  if (!isObject(payload)) return
  for (const key of Object.keys(payload))
    if (propertySchema(schema, key)?.type === 'array') payload[key] = arrify(payload[key], false)
}
