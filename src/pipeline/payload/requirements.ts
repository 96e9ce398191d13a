import type { InputField } from '@segment/actions-core'
import { ownPathReader } from '../own-path'
import type { PayloadField, PayloadFields } from './field-type'
import type { PayloadProblems } from './problems'

type Conditions = Exclude<NonNullable<InputField['required']>, boolean>
type Condition = Conditions['conditions'][number]

/** Checks what a payload must have, given what else it has. */
export type CheckRequirements = (payload: Record<string, unknown>, problems: PayloadProblems) => void

/**
 * Compiles `required` with conditions, of fields and of the properties of objects. Several conditions are joined by
 * `match`: `any`, else all. A condition on undefined asks whether a field is missing or null; one on a list, whether
 * the value is among its members; one on the sync mode is decided once.
 */
export function compileRequirements(fields: PayloadFields, syncMode: string | undefined): CheckRequirements {
  const checks: CheckRequirements[] = []
  for (const [key, field] of Object.entries(fields)) {
    addCheck(checks, [key], field, syncMode)
    if (field.type !== 'object' || field.multiple) continue
    for (const [property, given] of Object.entries(field.properties ?? {}))
      addCheck(checks, [key, property], given as PayloadField, syncMode)
  }
  return (payload, problems) => {
    for (const check of checks) check(payload, problems)
  }
}

function addCheck(
  checks: CheckRequirements[],
  keys: string[],
  field: PayloadField,
  syncMode: string | undefined,
): void {
  if (typeof field.required !== 'object') return
  const applies = compileConditions(field.required, syncMode)
  const read = ownPathReader(keys)
  const path = keys.join('.')
  checks.push((payload, problems) => {
    if (read(payload) === undefined && applies(payload)) problems.missing(path, field.label ?? path)
  })
}

type Test = (payload: Record<string, unknown>) => boolean

function compileConditions({ match, conditions }: Conditions, syncMode: string | undefined): Test {
  const tests = conditions.map((condition) => compileCondition(condition, syncMode))
  return match === 'any'
    ? (payload) => tests.some((test) => test(payload))
    : (payload) => tests.every((test) => test(payload))
}

function compileCondition(condition: Condition, syncMode: string | undefined): Test {
  const wantsMatch = condition.operator === 'is'
  if (condition.type === 'syncMode') {
    const result = (syncMode === condition.value) === wantsMatch
    return () => result
  }
  const read = ownPathReader(condition.fieldKey.split('.'))
  const { value } = condition
  if (value === undefined || value === null)
    return (payload) => ((read(payload) ?? undefined) === undefined) === wantsMatch
  const allowed = Array.isArray(value) ? value : [value]
  // A condition on a value says nothing about a payload that has none.
  return (payload) => {
    const actual = read(payload)
    return actual !== undefined && allowed.includes(actual) === wantsMatch
  }
}
