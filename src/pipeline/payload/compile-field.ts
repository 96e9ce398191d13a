import { isObject as isPlainObject } from '../mapping/type-name'

const setOwn = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key !== '__proto__') target[key] = value
}

import * as coercions from './coerce'
import { choiceValues, type PayloadField } from './field-type'
import { formatCheck, isDateLike } from './formats'
import type { PayloadProblems } from './problems'

/**
 * Empties, coerces and checks a value. Gives undefined for what counts as absent. The given value stays as it is:
 * changed lists and objects are copies.
 */
export type CheckValue = (value: unknown, path: string, problems: PayloadProblems) => unknown

const coercionOf: Record<PayloadField['type'], coercions.Coerce> = {
  string: coercions.toText,
  text: coercions.toText,
  password: coercions.toText,
  number: coercions.toNumber,
  integer: coercions.toInteger,
  boolean: coercions.toBoolean,
  datetime: coercions.toDatetime,
  object: coercions.toObject,
}

const isText = (field: PayloadField): boolean =>
  field.type === 'string' || field.type === 'text' || field.type === 'password' || field.type === 'datetime'

/** Compiles the check of a field. `isTop`: a member of the payload itself, where '' counts as absent. */
export function compileField(field: PayloadField, key: string, isTop: boolean): CheckValue {
  const single = compileSingle(field, key)
  return field.multiple ? compileList(field, key, single, isTop) : withoutEmpty(field, single, isTop)
}

/** Null and '' count as absent where the type has no use for them. */
function withoutEmpty(field: PayloadField, check: CheckValue, isTop: boolean): CheckValue {
  const dropsNull = !field.allowNull
  const dropsBlank = isTop || !isText(field)
  return (value, path, problems) => {
    if (value === undefined || (value === null && dropsNull) || (value === '' && dropsBlank)) return undefined
    return check(value, path, problems)
  }
}

/** Empty items are dropped; at the top a single value becomes a list of one. */
function compileList(field: PayloadField, key: string, check: CheckValue, isTop: boolean): CheckValue {
  const label = field.label ?? key
  const dropsBlank = !isText(field)
  const isAbsent = (item: unknown): boolean =>
    item === undefined || item === null || (item === '' && dropsBlank)
  return (value, path, problems) => {
    if (value === undefined || value === null || value === '') return undefined
    if (!Array.isArray(value) && !isTop && typeof value === 'object') {
      problems.wrongType(path, label, 'array', value)
      return undefined
    }
    const items: unknown[] = Array.isArray(value) ? value : [value]
    const result: unknown[] = []
    for (const item of items)
      if (!isAbsent(item)) result.push(check(item, `${path}[${result.length}]`, problems))
    return result
  }
}

function compileSingle(field: PayloadField, key: string): CheckValue {
  const label = field.label ?? key
  const coerce =
    field.allowNull && !field.multiple ? coercions.orNull(coercionOf[field.type]) : coercionOf[field.type]
  const expected = field.type === 'text' || field.type === 'password' ? 'string' : field.type
  const rules = compileRules(field, label)
  const members = field.type === 'object' && field.properties ? compileMembers(field) : undefined
  return (value, path, problems) => {
    const coerced = coerce(value)
    if (coerced === coercions.refused) {
      problems.wrongType(path, label, expected, value)
      return undefined
    }
    if (coerced === null) return null
    for (const rule of rules) rule(coerced, path, problems)
    return members === undefined ? coerced : members(coerced, path, problems)
  }
}

type Rule = (value: unknown, path: string, problems: PayloadProblems) => void

function compileRules(field: PayloadField, label: string): Rule[] {
  const rules: Rule[] = []
  const choices = choiceValues(field)
  if (choices !== undefined) {
    const allowed = new Set(choices)
    const expected = `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`
    rules.push((value, path, problems) => {
      if (!allowed.has(value)) problems.brokenRule(path, label, expected, value, `must be ${expected}`)
    })
  }
  if (field.type === 'datetime')
    rules.push((value, path, problems) => {
      if (typeof value === 'string' && !isDateLike(value))
        problems.brokenRule(
          path,
          label,
          'datetime',
          value,
          'must be a valid date, such as 2024-05-01T10:00:00Z',
        )
    })
  const hasFormat = formatCheck(field.format)
  if (hasFormat !== undefined && isText(field))
    rules.push((value, path, problems) => {
      if (typeof value === 'string' && !hasFormat(value))
        problems.brokenRule(path, label, String(field.format), value, `must be a valid ${field.format}`)
    })
  return [...rules, ...boundRules(field, label)]
}

/** `minimum` and `maximum`: of the value for numbers, of the length in characters for text. */
function boundRules(field: PayloadField, label: string): Rule[] {
  const { type, minimum, maximum } = field
  const isNumeric = type === 'number' || type === 'integer'
  if (!isNumeric && type !== 'string' && type !== 'text') return []
  const measure = (value: unknown): number => (isNumeric ? (value as number) : [...(value as string)].length)
  const unit = isNumeric ? '' : ' characters'
  const rules: Rule[] = []
  if (typeof minimum === 'number')
    rules.push((value, path, problems) => {
      if (measure(value) < minimum)
        problems.brokenRule(
          path,
          label,
          `at least ${minimum}${unit}`,
          value,
          `must be at least ${minimum}${unit}`,
        )
    })
  if (typeof maximum === 'number')
    rules.push((value, path, problems) => {
      if (measure(value) > maximum)
        problems.brokenRule(
          path,
          label,
          `at most ${maximum}${unit}`,
          value,
          `must be at most ${maximum}${unit}`,
        )
    })
  return rules
}

/** The members of an object with declared properties; others are dropped unless the field allows them. */
function compileMembers(field: PayloadField): CheckValue {
  const checks = Object.entries(field.properties ?? {}).map(([key, given]) => {
    const property = given as PayloadField
    return {
      key,
      label: property.label ?? key,
      isRequired: property.required === true,
      check: compileField(property, key, false),
    }
  })
  const declared = new Set(checks.map(({ key }) => key))
  return (value, path, problems) => {
    const result: Record<string, unknown> = {}
    const source = value as Record<string, unknown>
    if (field.additionalProperties && isPlainObject(source))
      for (const key of Object.keys(source)) if (!declared.has(key)) setOwn(result, key, source[key])
    for (const { key, label, isRequired, check } of checks) {
      const member = Object.hasOwn(source, key) ? check(source[key], `${path}.${key}`, problems) : undefined
      if (member !== undefined) setOwn(result, key, member)
      else if (isRequired && isStillMissing(source, key)) problems.missing(`${path}.${key}`, label)
    }
    return result
  }
}

/** A member that is there but of the wrong type has been reported already. */
const isStillMissing = (source: Record<string, unknown>, key: string): boolean =>
  !Object.hasOwn(source, key) || source[key] === undefined || source[key] === null || source[key] === ''
