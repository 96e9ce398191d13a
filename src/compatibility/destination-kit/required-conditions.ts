import type { JSONSchema4 } from 'json-schema'

type FieldConditions = import('@segment/actions-core/destination-kit/types').DependsOnConditions
type Condition = FieldConditions['conditions'][number]
type FieldCondition = Exclude<Condition, { type: 'syncMode' }>

const isFieldCondition = (condition: Condition): condition is FieldCondition => condition.type !== 'syncMode'

const requires = (fieldKey: string): JSONSchema4 => {
  const [parent, child] = fieldKey.split('.') as [string, string?]
  return child === undefined
    ? { required: [fieldKey] }
    : { required: [parent], properties: { [parent]: { required: [child] } } }
}

const comparison = (value: unknown, operator: string): JSONSchema4 =>
  operator === 'is' ? { const: value } : { not: { const: value } }

const refuse = (operator: string): never => {
  throw new Error(`Unsupported conditionally required field operator: ${operator}`)
}

/** The member of an object has, or has not, a value. */
const memberCondition = (path: string, value: unknown, operator: string): JSONSchema4 => {
  const [parent, child] = path.split('.') as [string, string]
  return {
    properties: {
      [parent]: { properties: { [child]: comparison(value, operator) }, required: [child] },
    },
    required: [parent],
  }
}

const absence = (key: string, operator: string): JSONSchema4 => {
  if (operator !== 'is' && operator !== 'is_not') refuse(operator)
  return operator === 'is' ? { not: { required: [key] } } : { required: [key] }
}

/** A field is there, or is not; null counts as not there. */
const absenceCondition = (key: string, operator: string): JSONSchema4 => {
  const isNull: JSONSchema4 = { properties: { [key]: { type: 'null' } } }
  return operator === 'is'
    ? { anyOf: [absence(key, operator), isNull] }
    : { allOf: [absence(key, operator), { not: isNull }] }
}

const valueCondition = ({ fieldKey, value, operator }: FieldCondition): JSONSchema4 => ({
  required: [fieldKey],
  properties: { [fieldKey]: comparison(value, operator) },
})

/** The schema of a field that is required under one condition. */
export function fieldConditionSingleDependencyToJsonSchema(
  condition: Condition,
  fieldKey: string,
): JSONSchema4 {
  const { fieldKey: key, operator, value } = condition as FieldCondition
  if (operator !== 'is' && operator !== 'is_not') refuse(operator)
  const applies = key.includes('.')
    ? memberCondition(key, value, operator)
    : value === undefined
      ? absenceCondition(key, operator)
      : valueCondition(condition as FieldCondition)
  return { if: applies, then: requires(fieldKey) }
}

const oneOfSeveral = (condition: FieldCondition): JSONSchema4 => {
  const { fieldKey: key, operator, value } = condition
  if (key.includes('.')) return memberCondition(key, value, operator)
  return value === undefined ? absence(key, operator) : valueCondition(condition)
}

/**
 * The schema of a field that is required under conditions; undefined where none can be told from the payload.
 * Conditions on the sync mode are no matter of the payload.
 */
export function singleFieldConditionsToJsonSchema(
  fieldKey: string,
  { match, conditions }: FieldConditions,
): JSONSchema4 | undefined {
  const ofFields = conditions.filter(isFieldCondition)
  if (ofFields.length < conditions.length && (match !== 'any' || ofFields.length === 0)) return undefined
  const [only] = ofFields
  if (ofFields.length === 1 && only) return fieldConditionSingleDependencyToJsonSchema(only, fieldKey)
  const parts = ofFields.map(oneOfSeveral)
  return { if: match === 'any' ? { anyOf: parts } : { allOf: parts }, then: { required: [fieldKey] } }
}

/** The schema of all conditionally required fields. */
export function conditionsToJsonSchema(conditions: Record<string, FieldConditions>): JSONSchema4 {
  const schemas = Object.entries(conditions).flatMap(
    ([fieldKey, condition]) => singleFieldConditionsToJsonSchema(fieldKey, condition) ?? [],
  )
  return schemas.length === 0 ? {} : { allOf: schemas }
}
