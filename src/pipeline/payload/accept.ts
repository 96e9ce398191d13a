import { copyDefined } from '../mapping/copy-defined'
import { isObject } from '../mapping/type-name'
import { characters } from './check-payload'
import { isEqual } from './equal'
import { formatCheck } from './formats'
import { type PayloadSchema, typesOf } from './payload-schema'

/** Where the fast path is not sure: the whole payload is then made the slow path, by `checkPayload`. */
export const bailOut: unique symbol = Symbol('bail out')

/**
 * The fast path to empty, coerce and check one value: gives what the payload gets (undefined: nothing), as a copy that
 * shares nothing with the event, or `bailOut`.
 */
export type Accept = (value: unknown) => unknown

/**
 * Where a value stands. `isRoot`: a property of the payload itself, where any '' counts as absent and single values
 * become lists. `isCleaned`: false inside the objects of lists, whose properties keep null and ''.
 */
export type Standing = {
  readonly isRoot: boolean
  readonly isCleaned: boolean
  /** The reference keeps '' at the root of the payloads of a batch. */
  readonly keepsBlank?: boolean
}

const always: Accept = () => bailOut

/** Compiles the fast path for a schema. */
export function compileAccept(schema: PayloadSchema, standing: Standing): Accept {
  const types = typesOf(schema)
  const rule = compileRule(schema)
  if (types.includes('array')) return schema.items ? acceptList(schema.items, standing) : always
  if (types.includes('object')) {
    if (rule !== undefined) return always
    return acceptObject(schema, standing)
  }
  return acceptScalar(schema, types, standing)
}

/** Whether a coerced value keeps the rules. */
type Rule = (value: unknown) => boolean

/** All rules of a schema beyond its type; undefined where there are none. */
export function compileRule(schema: PayloadSchema): Rule | undefined {
  const rules: Rule[] = []
  const { enum: allowed, minimum, maximum, minLength, maxLength } = schema
  if (schema.const !== undefined || schema.not || schema.anyOf || schema.allOf || schema.if)
    return () => false
  if (allowed !== undefined) {
    const scalars = new Set(allowed)
    const others = allowed.filter((value) => typeof value === 'object' && value !== null)
    rules.push((value) => scalars.has(value) || others.some((other) => isEqual(other, value)))
  }
  if (minimum !== undefined) rules.push((value) => typeof value !== 'number' || value >= minimum)
  if (maximum !== undefined) rules.push((value) => typeof value !== 'number' || value <= maximum)
  if (minLength !== undefined)
    rules.push((value) => typeof value !== 'string' || characters(value) >= minLength)
  if (maxLength !== undefined)
    rules.push((value) => typeof value !== 'string' || characters(value) <= maxLength)
  const hasFormat = formatCheck(schema.format)
  if (hasFormat !== undefined) rules.push((value) => typeof value !== 'string' || hasFormat(value))
  const [only] = rules
  if (only === undefined) return undefined
  return rules.length === 1 ? only : (value) => rules.every((rule) => rule(value))
}

/** Whether a text that gave this number surely said it: others may be white space, or have lost digits. */
const isPlain = (number: number): boolean =>
  number !== 0 && Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER

const coercions: Readonly<Record<string, Accept>> = {
  string: (value) => {
    if (typeof value === 'string') return value
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : bailOut
  },
  number: (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? value : bailOut
    if (typeof value === 'boolean') return Number(value)
    if (typeof value !== 'string' || value === '') return bailOut
    const number = Number(value)
    return isPlain(number) ? number : bailOut
  },
  integer: (value) => {
    if (typeof value === 'number') return Number.isInteger(value) ? value : bailOut
    if (typeof value === 'boolean') return Number(value)
    const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
    return Number.isInteger(number) && isPlain(number) ? number : bailOut
  },
  boolean: (value) => {
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 1) return true
    return value === 'false' || value === 0 ? false : bailOut
  },
  'string,number': (value) => {
    if (typeof value === 'string') return value
    return typeof value === 'number' && Number.isFinite(value) ? value : bailOut
  },
}

function acceptScalar(schema: PayloadSchema, types: readonly string[], standing: Standing): Accept {
  const kind = types.filter((type) => type !== 'null').join(',')
  const coerce = Object.hasOwn(coercions, kind) ? coercions[kind] : undefined
  if (coerce === undefined) return always
  const rule = compileRule(schema)
  const isNullable = types.includes('null')
  const dropsBlank =
    standing.isCleaned && ((standing.isRoot && !standing.keepsBlank) || !types.includes('string'))
  return (value) => {
    if (value === undefined || (value === '' && dropsBlank)) return undefined
    if (value === null) {
      if (!isNullable) return standing.isCleaned ? undefined : bailOut
      return rule === undefined || rule(null) ? null : bailOut
    }
    const coerced = coerce(value)
    return coerced === bailOut || rule === undefined || rule(coerced) ? coerced : bailOut
  }
}

function acceptList(items: PayloadSchema, standing: Standing): Accept {
  const accept = compileAccept(items, { isRoot: false, isCleaned: false })
  const dropsBlank = !typesOf(items).includes('string')
  const dropsNull = !typesOf(items).includes('null')
  const isAbsent = (item: unknown): boolean =>
    item === undefined || (item === null && dropsNull) || (item === '' && dropsBlank)
  const acceptItems = (list: readonly unknown[], isFiltered: boolean): unknown => {
    const result: unknown[] = []
    for (const item of list) {
      if (isFiltered && isAbsent(item)) continue
      const accepted = accept(item)
      if (accepted === bailOut || accepted === undefined) return bailOut
      result.push(accepted)
    }
    return result
  }
  return (value) => {
    if (value === undefined) return undefined
    if (Array.isArray(value)) return acceptItems(value, standing.isCleaned)
    if (value === null || value === '') return standing.isCleaned ? undefined : bailOut
    return standing.isRoot || typeof value !== 'object' ? acceptItems([value], false) : bailOut
  }
}

function acceptObject(schema: PayloadSchema, standing: Standing): Accept {
  const isNullable = typesOf(schema).includes('null')
  const accept = schema.properties === undefined ? copyOfObject : acceptProperties(schema, standing)
  return (value) => {
    if (value === undefined) return undefined
    if (value === null) return isNullable ? null : standing.isCleaned ? undefined : bailOut
    if (value === '') return standing.isCleaned ? undefined : bailOut
    return accept(value)
  }
}

const copyOfObject: Accept = (value) => (isObject(value) ? copyDefined(value) : bailOut)

/** The properties of an object, in the order in which it has them. */
export function acceptProperties(schema: PayloadSchema, standing: Standing, areRoot = false): Accept {
  const members = new Map(
    Object.entries(schema.properties ?? {}).map(([key, member]) => [
      key,
      compileAccept(member, { ...standing, isRoot: areRoot }),
    ]),
  )
  const keepsOthers = schema.additionalProperties !== false
  const required = schema.required ?? []
  return (value) => {
    if (!isObject(value)) return bailOut
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const accept = members.get(key)
      if (accept === undefined) {
        if (keepsOthers && value[key] !== undefined && key !== '__proto__')
          result[key] = copyDefined(value[key])
        continue
      }
      const accepted = accept(value[key])
      if (accepted === bailOut) return bailOut
      if (accepted !== undefined) result[key] = accepted
    }
    for (const key of required) if (!Object.hasOwn(result, key)) return bailOut
    return result
  }
}
