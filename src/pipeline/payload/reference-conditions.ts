import { DefinitionError } from '../../errors'
import type { Requirement } from './field-schema'
import type { PayloadSchema } from './payload-schema'

type Condition = { readonly fieldKey: string; readonly operator: 'is' | 'is_not'; readonly value?: unknown }

const required = (key: string): PayloadSchema => ({ required: [key] })

/** The reference knows a field and one level below it. */
function thenPresent(fieldKey: string): PayloadSchema {
  const [parent = '', child] = fieldKey.split('.')
  return child === undefined
    ? required(fieldKey)
    : { required: [parent], properties: { [parent]: required(child) } }
}

const unsupported = (operator: unknown): DefinitionError =>
  new DefinitionError(
    'INVALID_DEFINITION',
    `Unsupported conditionally required field operator: ${String(operator)}`,
  )

const constant = ({ operator, value }: Condition): PayloadSchema =>
  operator === 'is' ? { const: value } : { not: { const: value } }

function ofNested(condition: Condition, parent: string, child: string): PayloadSchema {
  return {
    properties: { [parent]: { properties: { [child]: constant(condition) }, required: [child] } },
    required: [parent],
  }
}

/** Alone, a condition on undefined takes null for missing; beside others it does not. */
function onPresence({ fieldKey, operator }: Condition, isAlone: boolean): PayloadSchema {
  if (operator !== 'is' && operator !== 'is_not') throw unsupported(operator)
  const isThere = required(fieldKey)
  const isNull: PayloadSchema = { properties: { [fieldKey]: { type: 'null' } } }
  if (operator === 'is') return isAlone ? { anyOf: [{ not: isThere }, isNull] } : { not: isThere }
  return isAlone ? { allOf: [isThere, { not: isNull }] } : isThere
}

function conditionSchema(condition: Condition, isAlone: boolean): PayloadSchema {
  const [parent = '', child] = condition.fieldKey.split('.')
  if (isAlone && condition.operator !== 'is' && condition.operator !== 'is_not')
    throw unsupported(condition.operator)
  if (child !== undefined) return ofNested(condition, parent, child)
  if (condition.value === undefined) return onPresence(condition, isAlone)
  return { properties: { [parent]: constant(condition) }, required: [parent] }
}

/** The reference's `allOf` of conditional requirements, keyed by field; empty where there are none. */
export function conditionsToJsonSchema(requirements: Readonly<Record<string, Requirement>>): PayloadSchema {
  const allOf = Object.entries(requirements).map(([key, { conditions, match }]) => {
    const isAlone = conditions.length === 1
    const schemas = (conditions as readonly Condition[]).map((condition) =>
      conditionSchema(condition, isAlone),
    )
    const [only] = schemas
    if (isAlone && only !== undefined) return { if: only, then: thenPresent(key) }
    return { if: match === 'any' ? { anyOf: schemas } : { allOf: schemas }, then: required(key) }
  })
  return allOf.length === 0 ? {} : { allOf }
}
