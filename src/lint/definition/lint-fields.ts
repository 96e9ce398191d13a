import { isObject } from '../../pipeline/mapping/type-name'
import { fieldSchema, type PayloadField, type Requirement } from '../../pipeline/payload/field-schema'
import { isReservedKey } from '../../pipeline/prepare'
import type { Report } from '../finding'

type Fields = Readonly<Record<string, unknown>>

const bounds = ['minimum', 'maximum', 'minLength', 'maxLength'] as const

/** Reports rules of fields that hold by default and not in compatibility mode. */
export function lintFieldRules(fields: Fields, path: string, report: Report): void {
  for (const [key, field] of Object.entries(fields)) {
    // What the runtime reads for itself never reaches perform as a value to check.
    if (!isObject(field) || isReservedKey(key)) continue
    lintBounds(field as PayloadField, `${path}.${key}`, report)
    lintRequirement(field.required, `${path}.${key}.required`, report)
    if (!isObject(field.properties)) continue
    lintFieldRules(field.properties, `${path}.${key}.properties`, report)
    lintSiblings(field.properties, `${path}.${key}.properties`, report)
  }
}

function lintBounds(field: PayloadField, path: string, report: Report): void {
  const own = fieldSchema(field, 'right', false)
  const reference = fieldSchema(field, 'reference', false)
  // A bound of 0 that the reference passes over is no surprise: hardly a value is below it.
  const differing = bounds.filter(
    (bound) => own[bound] !== reference[bound] && (own[bound] ?? reference[bound]) !== 0,
  )
  if (differing.length === 0) return
  const text = differing.map((bound) => `${bound} ${own[bound] ?? reference[bound]}`).join(' and ')
  const isHeld = differing.every((bound) => own[bound] === undefined)
  const kind = `${field.multiple ? 'a list of ' : ''}${field.type}`
  report(
    'field-differs',
    path,
    `${text} of ${kind} is ${isHeld ? 'held only' : 'not held'} in compatibility mode; check it in perform where it matters`,
  )
}

function lintRequirement(required: unknown, path: string, report: Report): void {
  if (!isObject(required) || !Array.isArray(required.conditions)) return
  const { conditions } = required as unknown as Requirement
  conditions.forEach((condition, index) => {
    const reason = conditionDifference(condition)
    if (reason !== undefined)
      report('field-differs', `${path}.conditions[${index}]`, `${reason} in compatibility mode`)
  })
}

function conditionDifference(condition: Requirement['conditions'][number]): string | undefined {
  if (condition.type === 'syncMode') return 'a condition on the sync mode cannot be read'
  if (Array.isArray(condition.value)) return 'a condition with a list of values never holds'
  const isNested = condition.fieldKey.includes('.')
  return isNested && condition.value === undefined
    ? 'a condition on a nested field that is there or missing never holds'
    : undefined
}

/** In compatibility mode one conditional property switches off `required: true` of those beside it. */
function lintSiblings(properties: Fields, path: string, report: Report): void {
  const entries = Object.entries(properties).filter((entry): entry is [string, Record<string, unknown>] =>
    isObject(entry[1]),
  )
  const conditional = entries.find(([, property]) => isObject(property.required))
  if (conditional === undefined) return
  for (const [key, property] of entries)
    if (property.required === true)
      report(
        'field-differs',
        `${path}.${key}.required`,
        `in compatibility mode it is not required, since "${conditional[0]}" beside it is required on conditions`,
      )
}
