import { coerce, hasSomeType, hasType } from './coerce'
import { isEqual } from './equal'
import { formatCheck } from './formats'
import { type PayloadSchema, propertySchema, typesOf } from './payload-schema'

/** One broken rule, in the shape of an Ajv error with `verbose`. */
export type SchemaError = {
  /** JSON pointer to the value. */
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message: string
  readonly parentSchema: PayloadSchema
  readonly data: unknown
}

type Holder = Record<string, unknown> | unknown[]

/** A value and where it stands, so that a coerced one can take its place. */
type Place = {
  value: unknown
  readonly holder?: Holder
  readonly key?: string | number
  readonly pointer: string
  /** Coerce as the reference does. */
  readonly compatibility: boolean
}

/** The errors found; undefined inside a condition, where the first broken rule decides. */
type Errors = SchemaError[] | undefined

/**
 * Checks a payload: coerces in place, removes properties that the schema does not know, and gives all errors in Ajv's
 * order. Conditions are looked at before their fields are coerced.
 */
export function checkPayload(schema: PayloadSchema, payload: unknown, compatibility: boolean): SchemaError[] {
  const errors: SchemaError[] = []
  check(schema, { value: payload, pointer: '', compatibility }, errors)
  return errors
}

/** Whether a payload fulfils a condition. May coerce properties of the payload to null, as Ajv does. */
export const fulfils = (condition: PayloadSchema, payload: Record<string, unknown>): boolean =>
  check(condition, { value: payload, pointer: '', compatibility: true }, undefined)

function check(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const types = typesOf(schema)
  const isTypeLast = types.length === 1 && types[0] === 'object' && hasObjectRules(schema)
  const steps = isTypeLast
    ? [checkAnyType, checkText, checkList, checkProperties]
    : [checkType, checkAnyType, checkNumber, checkText, checkList, checkProperties]
  let isValid = true
  for (const step of steps) {
    if (!step(schema, place, errors)) isValid = false
    if (!isValid && errors === undefined) return false
  }
  return isValid
}

const hasObjectRules = (schema: PayloadSchema): boolean =>
  schema.required !== undefined ||
  schema.properties !== undefined ||
  schema.additionalProperties !== undefined

function fail(
  errors: Errors,
  schema: PayloadSchema,
  place: Place,
  keyword: string,
  params: Record<string, unknown>,
  message = `must pass "${keyword}" keyword validation`,
): false {
  const { value: data, pointer: instancePath } = place
  errors?.push({
    instancePath,
    schemaPath: `#/${keyword}`,
    keyword,
    params,
    message,
    parentSchema: schema,
    data,
  })
  return false
}

function checkType(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const types = typesOf(schema)
  if (types.length === 0 || hasSomeType(types, place.value)) return true
  const coerced = coerce(types, place.value, place.compatibility)
  const wasCoercible = types.some((type) => type !== 'object')
  if (wasCoercible) place.value = coerced.value
  if (!coerced.isFit || !wasCoercible) return fail(errors, schema, place, 'type', { type: schema.type })
  if (place.holder !== undefined) (place.holder as Record<string, unknown>)[place.key as string] = place.value
  return true
}

function checkAnyType(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const { value } = place
  let isValid = true
  if (schema.const !== undefined && !isEqual(value, schema.const))
    isValid = fail(errors, schema, place, 'const', {})
  if (schema.enum !== undefined && !schema.enum.some((allowed) => isEqual(value, allowed)))
    isValid = fail(errors, schema, place, 'enum', { allowedValues: schema.enum })
  if (!isValid && errors === undefined) return false
  if (schema.not !== undefined && check(schema.not, place, undefined))
    isValid = fail(errors, schema, place, 'not', {}, 'must NOT be valid')
  if (schema.anyOf !== undefined && !schema.anyOf.some((branch) => check(branch, place, undefined)))
    isValid = fail(errors, schema, place, 'anyOf', {}, 'must match a schema in anyOf')
  for (const part of schema.allOf ?? []) {
    if (!check(part, place, errors)) isValid = false
    if (!isValid && errors === undefined) return false
  }
  return checkCondition(schema, place, errors) && isValid
}

function checkCondition(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  if (schema.if === undefined || schema.then === undefined) return true
  if (!check(schema.if, place, undefined) || check(schema.then, place, errors)) return true
  return fail(errors, schema, place, 'if', { failingKeyword: 'then' }, 'must match "then" schema')
}

function checkNumber(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const { value } = place
  if (!hasType('number', value)) return true
  const { maximum, minimum } = schema
  let isValid = true
  if (maximum !== undefined && (value as number) > maximum)
    isValid = fail(errors, schema, place, 'maximum', { limit: maximum })
  if (minimum !== undefined && (value as number) < minimum)
    isValid = fail(errors, schema, place, 'minimum', { limit: minimum })
  return isValid
}

/** Length in characters, where a pair of surrogates is one. */
export function characters(text: string): number {
  let count = 0
  for (const _character of text) count += 1
  return count
}

function checkText(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const { value } = place
  if (typeof value !== 'string') return true
  const { maxLength, minLength, format } = schema
  let isValid = true
  if (maxLength !== undefined && characters(value) > maxLength)
    isValid = fail(errors, schema, place, 'maxLength', { limit: maxLength })
  if (minLength !== undefined && characters(value) < minLength)
    isValid = fail(errors, schema, place, 'minLength', { limit: minLength })
  if (format !== undefined && formatCheck(format)?.(value) === false)
    isValid = fail(errors, schema, place, 'format', { format })
  return isValid
}

function checkList(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const { value, pointer, compatibility } = place
  if (!Array.isArray(value) || schema.items === undefined) return true
  let isValid = true
  for (let key = 0; key < value.length; key += 1) {
    const item: Place = { value: value[key], holder: value, key, pointer: `${pointer}/${key}`, compatibility }
    if (!check(schema.items, item, errors)) isValid = false
  }
  return isValid
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const isPresent = (holder: Record<string, unknown>, key: string): boolean =>
  Object.hasOwn(holder, key) && holder[key] !== undefined

function checkProperties(schema: PayloadSchema, place: Place, errors: Errors): boolean {
  const { value, pointer, compatibility } = place
  if (!hasType('object', value))
    return hasObjectRules(schema) && schema.type === 'object'
      ? fail(errors, schema, place, 'type', { type: schema.type })
      : true
  const holder = value as Record<string, unknown>
  let isValid = true
  for (const missingProperty of schema.required ?? [])
    if (!isPresent(holder, missingProperty))
      isValid = fail(errors, schema, place, 'required', { missingProperty })
  if (!isValid && errors === undefined) return false
  if (schema.additionalProperties === false)
    for (const key of Object.keys(holder)) if (propertySchema(schema, key) === undefined) delete holder[key]
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    if (!isPresent(holder, key)) continue
    const at = `${pointer}/${escaped(key)}`
    const inner: Place = { value: holder[key], holder, key, pointer: at, compatibility }
    if (!check(member, inner, errors)) isValid = false
    if (!isValid && errors === undefined) return false
  }
  return isValid
}
