import {
  type DescribedSchema,
  fieldEntries,
  fieldSchema,
  type PayloadField,
  type PayloadFields,
  type Requirement,
  requireShallow,
} from './field-schema'
import type { PayloadSchema } from './payload-schema'
import { conditionsToJsonSchema } from './reference-conditions'
import { decideSyncMode } from './requirement-schema'

/** The reference's options. `tsType`: for type generators; conditions are left out. */
export type SchemaOptions = {
  readonly tsType?: boolean
  readonly additionalProperties?: boolean
  readonly omitRequiredSchemas?: boolean
  /** Ours: decides conditions on the sync mode, which the reference cannot read. */
  readonly syncMode?: string | null
}

/** The reference's schema of fields, its defects included: limits of 0, siblings of conditional properties. */
export function fieldsToJsonSchema(
  fields: Readonly<Record<string, unknown>> = {},
  options: SchemaOptions = {},
  additionalSchema: PayloadSchema = {},
): DescribedSchema {
  requireShallow(fields)
  return schemaOfFields(fields, options, additionalSchema)
}

function schemaOfFields(
  fields: Readonly<Record<string, unknown>>,
  options: SchemaOptions,
  additionalSchema: PayloadSchema,
): DescribedSchema {
  const required: string[] = []
  const properties: Record<string, PayloadSchema> = {}
  const conditions: Record<string, Requirement> = {}
  for (const [key, field] of fieldEntries(fields as PayloadFields)) {
    properties[key] = withProperties(field, options)
    for (const [property, nested] of nestedFields(field)) {
      const when = decided(nested, options)
      if (typeof when === 'object') conditions[`${key}.${property}`] = when
    }
    const when = decided(field, options)
    if (when === true) required.push(key)
    else if (typeof when === 'object') conditions[key] = when
  }
  const base = {
    $schema: 'http://json-schema.org/schema#',
    type: 'object',
    additionalProperties: options.additionalProperties ?? false,
    properties,
  }
  if (options.tsType === true) return { ...base, required }
  if (options.omitRequiredSchemas === true) return { ...base, ...additionalSchema }
  return { ...base, required, ...conditionsToJsonSchema(conditions), ...additionalSchema }
}

const decided = ({ required }: PayloadField, options: SchemaOptions): boolean | Requirement =>
  typeof required === 'object' && required !== null
    ? decideSyncMode(required, options.syncMode)
    : required === true

const nestedFields = (field: PayloadField): [string, PayloadField][] =>
  field.type === 'object' && field.properties ? fieldEntries(field.properties) : []

function withProperties(field: PayloadField, options: SchemaOptions): DescribedSchema {
  const schema = fieldSchema(field, 'reference', options.tsType === true)
  if (field.type !== 'object' || !field.properties) return schema
  const isConditional = nestedFields(field).some(
    ([, nested]) => nested.required && typeof nested.required === 'object',
  )
  const own: SchemaOptions = {
    additionalProperties: field.additionalProperties ?? false,
    omitRequiredSchemas: isConditional,
    ...(options.syncMode !== undefined && { syncMode: options.syncMode }),
  }
  const members = schemaOfFields(field.properties, own, {})
  return field.multiple ? { ...schema, items: members } : { ...schema, ...members }
}
