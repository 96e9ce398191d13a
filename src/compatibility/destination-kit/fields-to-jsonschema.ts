import type {
  MinimalFields,
  MinimalInputField,
} from '@segment/actions-core/destination-kit/fields-to-jsonschema'
import type { DependsOnConditions } from '@segment/actions-core/destination-kit/types'
import type { JSONSchema4 } from 'json-schema'
import { conditionsToJsonSchema } from './required-conditions'

export type {
  MinimalFields,
  MinimalInputField,
} from '@segment/actions-core/destination-kit/fields-to-jsonschema'
export {
  conditionsToJsonSchema,
  fieldConditionSingleDependencyToJsonSchema,
  singleFieldConditionsToJsonSchema,
} from './required-conditions'

type SchemaOptions = {
  /** For generated TypeScript types: the type of each datetime, and nothing about conditions. */
  tsType?: boolean
  additionalProperties?: boolean
  /** Leave out what is required, since a parent says it. */
  omitRequiredSchemas?: boolean
}

type Field = MinimalInputField & {
  format?: string
  choices?: readonly (string | { value: unknown })[]
  properties?: MinimalFields
  minimum?: number
  maximum?: number
}

const schemaTypeOf = (type: string): string | string[] => {
  if (type === 'datetime') return ['string', 'number']
  return type === 'text' || type === 'password' ? 'string' : type
}

const isConditional = (required: unknown): required is DependsOnConditions =>
  typeof required === 'object' && required !== null

/** The JSON Schema of fields, as `@segment/actions-core` generates it: of an action, of settings, of a hook. */
export function fieldsToJsonSchema(
  fields: MinimalFields = {},
  options?: SchemaOptions,
  additionalSchema?: JSONSchema4,
): JSONSchema4 {
  const required: string[] = []
  const properties: Record<string, JSONSchema4> = {}
  const conditions: Record<string, DependsOnConditions> = {}
  for (const [key, field] of Object.entries(fields)) {
    properties[key] = fieldSchema(field as Field, options)
    if (field.required === true) required.push(key)
    Object.assign(conditions, memberConditions(key, field as Field))
    if (isConditional(field.required)) conditions[key] = field.required
  }
  const schema: JSONSchema4 = {
    $schema: 'http://json-schema.org/schema#',
    type: 'object',
    additionalProperties: options?.additionalProperties || false,
    properties,
  }
  if (options?.tsType === true) return { ...schema, required }
  if (options?.omitRequiredSchemas === true) return { ...schema, ...additionalSchema }
  return { ...schema, required, ...conditionsToJsonSchema(conditions), ...additionalSchema }
}

function fieldSchema(field: Field, options: SchemaOptions | undefined): JSONSchema4 {
  const type = schemaTypeOf(field.type)
  const schema = {
    title: field.label,
    description: field.description,
    type,
    format: field.format,
    default: field.default,
  } as JSONSchema4
  addFormat(schema, field, options)
  addBounds(schema, field)
  if (field.choices)
    schema.enum = field.choices.map((choice) =>
      typeof choice === 'string' ? choice : choice.value,
    ) as string[]
  if ('allowNull' in field && field.allowNull) allowNull(schema, type)
  const isList = 'multiple' in field && Boolean(field.multiple)
  if (isList) makeList(schema, type)
  return type === 'object' && field.properties ? withMembers(schema, field, isList) : schema
}

function addFormat(schema: JSONSchema4, { type }: Field, options: SchemaOptions | undefined): void {
  if (type === 'password' || type === 'text') schema.format = type
  if (type !== 'datetime') return
  schema.format = 'date-like'
  if (options?.tsType) schema.tsType = 'string | number'
}

/** A bound of 0 is none, and other types have none: facts of the reference. */
function addBounds(schema: JSONSchema4, { type, minimum, maximum }: Field): void {
  if (type === 'string') {
    if (minimum) schema.minLength = minimum
    if (maximum) schema.maxLength = maximum
  } else if (type === 'number') {
    if (minimum) schema.minimum = minimum
    if (maximum) schema.maximum = maximum
  }
}

function allowNull(schema: JSONSchema4, type: string | string[]): void {
  schema.type = [type, 'null'].flat() as NonNullable<JSONSchema4['type']>
  if (schema.enum) schema.enum = [...schema.enum, null]
  if (typeof schema.tsType === 'string' && !schema.tsType.includes('null')) schema.tsType += ' | null'
}

function makeList(schema: JSONSchema4, type: string | string[]): void {
  schema.items = { type } as JSONSchema4
  schema.type = 'array'
  if (!schema.enum) return
  schema.items.enum = schema.enum
  delete schema.enum
}

function withMembers(schema: JSONSchema4, field: Field, isList: boolean): JSONSchema4 {
  const members = field.properties ?? {}
  const memberSchema = fieldsToJsonSchema(members, {
    additionalProperties: field.additionalProperties || false,
    omitRequiredSchemas: Object.values(members).some((member) => isConditional(member.required)),
  })
  return isList ? { ...schema, items: memberSchema } : { ...schema, ...memberSchema }
}

/** Conditions of the members of an object, under dotted keys. */
function memberConditions(key: string, field: Field): Record<string, DependsOnConditions> {
  if (field.type !== 'object') return {}
  return Object.fromEntries(
    Object.entries(field.properties ?? {}).flatMap(([member, { required }]) =>
      isConditional(required) ? [[`${key}.${member}`, required]] : [],
    ),
  )
}
