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
import { decideSyncMode, requirementSchema } from './requirement-schema'

/** What is known of the mapping whose payload the schema is to check. */
export type SchemaContext = {
  /** The sync mode of the mapping; null where it has none. Undefined: not known. */
  readonly syncMode?: string | null
}

/**
 * The JSON Schema of the payload that fields describe: what the definition says, and all of it. Defaults are named but
 * never filled in.
 */
export function schemaOf(
  fields: Readonly<Record<string, unknown>>,
  context: SchemaContext = {},
): DescribedSchema {
  requireShallow(fields)
  return {
    $schema: 'http://json-schema.org/schema#',
    ...objectSchema(fields as PayloadFields, false, context, true),
  }
}

type Rules = { readonly required: string[]; readonly allOf: PayloadSchema[] }

/** `ownsConditions`: false where the conditions of the properties are checked on the object around it. */
function objectSchema(
  fields: unknown,
  additionalProperties: boolean,
  context: SchemaContext,
  ownsConditions: boolean,
): DescribedSchema {
  const entries = fieldEntries(fields)
  const names = new Set(entries.map(([key]) => key))
  const keysOf = (fieldKey: string): readonly string[] =>
    names.has(fieldKey) ? [fieldKey] : fieldKey.split('.')
  const rules: Rules = { required: [], allOf: [] }
  const properties: Record<string, PayloadSchema> = {}
  for (const [key, field] of entries) {
    properties[key] = withProperties(field, key, context)
    const required = decided(field, context)
    if (required === true) rules.required.push(key)
    else if (required && ownsConditions) rules.allOf.push(requirementSchema(required, [key], keysOf))
    if (field.type === 'object') addNested(rules, key, field, context, keysOf)
  }
  return {
    type: 'object',
    additionalProperties,
    properties,
    required: rules.required,
    ...(rules.allOf.length > 0 && { allOf: rules.allOf }),
  }
}

const decided = (field: PayloadField, context: SchemaContext): boolean | Requirement =>
  typeof field.required === 'object' && field.required !== null
    ? decideSyncMode(field.required, context.syncMode)
    : field.required === true

/** Conditional properties of an object. In a list the object is there already, and each item is asked. */
function addNested(
  rules: Rules,
  key: string,
  field: PayloadField,
  context: SchemaContext,
  keysOf: (fieldKey: string) => readonly string[],
): void {
  for (const [property, nested] of fieldEntries(field.properties)) {
    const required = decided(nested, context)
    if (typeof required === 'boolean') continue
    if (!field.multiple) rules.allOf.push(requirementSchema(required, [key, property], keysOf))
    else rules.allOf.push(...listRequirements(required, key, property, keysOf))
  }
}

/** Conditions on the items' own properties are checked item by item, the others on the whole payload. */
function listRequirements(
  required: Requirement,
  key: string,
  property: string,
  keysOf: (fieldKey: string) => readonly string[],
): PayloadSchema[] {
  const isOfItem = (condition: Requirement['conditions'][number]): boolean =>
    'fieldKey' in condition && keysOf(condition.fieldKey)[0] === key
  const ofItem = required.conditions.filter(isOfItem)
  const ofPayload = required.conditions.filter((condition) => !isOfItem(condition))
  const whenItem = requirementSchema({ ...required, conditions: ofItem }, [property], (fieldKey) =>
    keysOf(fieldKey).slice(1),
  )
  const inItems = (items: PayloadSchema): PayloadSchema => ({ properties: { [key]: { items } } })
  const always = inItems({ required: [property] })
  const whenPayload = (then: PayloadSchema): PayloadSchema => ({
    ...requirementSchema({ ...required, conditions: ofPayload }, [key], keysOf),
    then,
  })
  if (ofItem.length === 0) return [whenPayload(always)]
  if (ofPayload.length === 0) return [inItems(whenItem)]
  return required.match === 'any'
    ? [whenPayload(always), inItems(whenItem)]
    : [whenPayload(inItems(whenItem))]
}

/** The schema of a field with those of its properties. */
function withProperties(field: PayloadField, key: string, context: SchemaContext): DescribedSchema {
  const schema = fieldSchema(field, 'right', false)
  if (field.type !== 'object' || field.properties === undefined) return schema
  const members = objectSchema(field.properties, field.additionalProperties ?? false, context, false)
  return field.multiple
    ? { ...schema, items: { ...members, title: field.label ?? key } }
    : { ...schema, ...members }
}
