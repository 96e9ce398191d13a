import type { InputField } from '@segment/actions-core'
import { DefinitionError } from '../../errors'
import { nestsDeeperThan } from '../../nesting'
import type { PayloadSchema } from './payload-schema'

export type Requirement = Exclude<NonNullable<InputField['required']>, boolean>

/** The properties of a field that decide how its value is checked. */
export type PayloadField = {
  readonly label?: string
  readonly description?: string
  readonly type: InputField['type']
  readonly format?: string
  readonly choices?: readonly unknown[]
  readonly multiple?: boolean
  readonly allowNull?: boolean
  readonly additionalProperties?: boolean
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: boolean | Requirement
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
}

export type PayloadFields = Readonly<Record<string, PayloadField>>

/** A schema with what only documents and type generators read. */
export type DescribedSchema = PayloadSchema & {
  readonly $schema?: string
  readonly description?: string
  readonly default?: unknown
  readonly tsType?: string
}

/** Deepest nesting of lists and objects in the fields of an action, in levels. */
const maxLevels = 500

/** @throws DefinitionError for fields that nest too deep to be read. */
export function requireShallow(fields: unknown): void {
  if (nestsDeeperThan(fields, maxLevels))
    throw new DefinitionError('INVALID_DEFINITION', `fields nest at most ${maxLevels} levels deep`)
}

/** Properties as fields; those called `__proto__` do not exist. */
export const fieldEntries = (fields: unknown): [string, PayloadField][] =>
  Object.entries((fields ?? {}) as PayloadFields).filter(([key]) => key !== '__proto__')

const textTypes = new Set(['string', 'text', 'password'])

/** The type of a field in JSON Schema. */
export function jsonType(type: PayloadField['type']): string | string[] {
  if (type === 'datetime') return ['string', 'number']
  return textTypes.has(type) ? 'string' : type
}

const formatOf = (field: PayloadField): string | undefined => {
  if (field.type === 'datetime') return 'date-like'
  return field.type === 'text' || field.type === 'password' ? field.type : field.format
}

type Limits = Pick<PayloadSchema, 'minimum' | 'maximum' | 'minLength' | 'maxLength'>

/** The reference reads a limit of 0 as none, and knows limits of `string` and `number` alone. */
function referenceLimits({ type, minimum, maximum }: PayloadField): Limits {
  const isText = type === 'string'
  if (!isText && type !== 'number') return {}
  const least = minimum || undefined
  const most = maximum || undefined
  return isText
    ? { ...(least && { minLength: least }), ...(most && { maxLength: most }) }
    : { ...(least && { minimum: least }), ...(most && { maximum: most }) }
}

/** Of the value for numbers, of the length in characters for text. A list has none: it is not said of what. */
function limits({ type, minimum, maximum, multiple }: PayloadField): Limits {
  const isText = textTypes.has(type)
  if (multiple || (!isText && type !== 'number' && type !== 'integer')) return {}
  const least = typeof minimum === 'number' ? minimum : undefined
  const most = typeof maximum === 'number' ? maximum : undefined
  return {
    ...(least !== undefined && { [isText ? 'minLength' : 'minimum']: least }),
    ...(most !== undefined && { [isText ? 'maxLength' : 'maximum']: most }),
  }
}

const choiceValue = (choice: unknown): unknown =>
  typeof choice === 'object' && choice !== null ? (choice as { value?: unknown }).value : choice

/** Which reading of the definitions a schema follows. */
export type Reading = 'right' | 'reference'

/**
 * The schema of one field, but for the properties of objects. Lists carry the choices in their items; formats are not
 * asked of items, in either reading.
 */
export function fieldSchema(field: PayloadField, reading: Reading, withTsType: boolean): DescribedSchema {
  const single = jsonType(field.type)
  const isList = Boolean(field.multiple)
  const isNullable = Boolean(field.allowNull)
  const allowed = field.choices?.map(choiceValue)
  const choices = allowed && (isNullable ? { enum: [...allowed, null] } : { enum: allowed })
  const tsType = field.type === 'datetime' ? 'string | number' : undefined
  return {
    title: field.label,
    description: field.description,
    type: isList ? 'array' : isNullable ? [single, 'null'].flat() : single,
    format: formatOf(field),
    default: field.default,
    ...(withTsType && tsType && { tsType: isNullable ? `${tsType} | null` : tsType }),
    ...(reading === 'right' ? limits(field) : referenceLimits(field)),
    ...(isList ? { items: { type: single, ...choices } } : choices),
  } as DescribedSchema
}
