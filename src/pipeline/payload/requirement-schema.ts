import type { Requirement } from './field-schema'
import type { PayloadSchema } from './payload-schema'

type Condition = Requirement['conditions'][number]
type FieldCondition = Exclude<Condition, { type: 'syncMode' }>

/**
 * A requirement whose conditions on the sync mode are decided. `syncMode`: that of the mapping, null where it has
 * none, undefined where it is not known, which leaves nothing to require.
 */
export function decideSyncMode(
  requirement: Requirement,
  syncMode: string | null | undefined,
): Requirement | boolean {
  const { conditions, match } = requirement
  const onFields = conditions.filter(
    (condition): condition is FieldCondition => condition.type !== 'syncMode',
  )
  if (onFields.length === conditions.length) return requirement
  if (syncMode === undefined) return false
  const decided = conditions
    .filter((condition) => condition.type === 'syncMode')
    .map((condition) => (condition.value === syncMode) === (condition.operator === 'is'))
  const isDecisive = match === 'any' ? decided.includes(true) : decided.includes(false)
  if (isDecisive || onFields.length === 0)
    return match === 'any' ? decided.includes(true) : !decided.includes(false)
  return { ...requirement, conditions: onFields }
}

/** A schema of an object one of whose properties, at any depth, fulfils `inner`. */
function at(keys: readonly string[], inner: PayloadSchema): PayloadSchema {
  const [first, ...rest] = keys
  if (first === undefined) return inner
  const member = rest.length === 0 ? inner : { type: 'object', ...at(rest, inner) }
  return { required: [first], properties: { [first]: member } }
}

/**
 * A condition on one field as a schema. On undefined it asks whether the field is missing or null; on a list, whether
 * the value is among its items; a condition on a value says nothing of a payload that has none.
 */
function conditionSchema({ value, operator }: FieldCondition, keys: readonly string[]): PayloadSchema {
  const isNegative = operator === 'is_not'
  if (value === undefined) {
    const isThere = at(keys, { not: { const: null } })
    return isNegative ? isThere : { not: isThere }
  }
  const isOne: PayloadSchema = Array.isArray(value) ? { enum: value } : { const: value }
  return at(keys, isNegative ? { not: isOne } : isOne)
}

/** Where a condition's field stands, below the object that the requirement is checked on. */
type KeysOf = (fieldKey: string) => readonly string[]

/** `if` the conditions hold, `then` the field is there: the last of `keys` in the object that the others lead to. */
export function requirementSchema(
  requirement: Requirement,
  keys: readonly string[],
  keysOf: KeysOf,
): PayloadSchema {
  const conditions = (requirement.conditions as readonly FieldCondition[]).map((condition) =>
    conditionSchema(condition, keysOf(condition.fieldKey)),
  )
  const [only] = conditions
  const isMet: PayloadSchema =
    conditions.length === 1 && only !== undefined
      ? only
      : requirement.match === 'any'
        ? { anyOf: conditions }
        : { allOf: conditions }
  return { if: isMet, then: present(keys) }
}

/** A schema that asks for a property, and for the objects on the way to it. */
function present(keys: readonly string[]): PayloadSchema {
  const [first = '', ...rest] = keys
  return rest.length === 0
    ? { required: [first] }
    : { required: [first], properties: { [first]: present(rest) } }
}
