import type { MinimalFields } from '@segment/actions-core/destination-kit/fields-to-jsonschema'
import type { DependsOnConditions } from '@segment/actions-core/destination-kit/types'
import type { JSONSchema4 } from 'json-schema'
import { fieldsToJsonSchema as schemaOfFields } from '../../pipeline/payload/fields-to-json-schema'
import { conditionsToJsonSchema as schemaOfConditions } from '../../pipeline/payload/reference-conditions'

export type {
  MinimalFields,
  MinimalInputField,
} from '@segment/actions-core/destination-kit/fields-to-jsonschema'

type SchemaOptions = {
  /** For generated TypeScript types: the type of each datetime, and nothing about conditions. */
  tsType?: boolean
  additionalProperties?: boolean
  /** Leave out what is required, since a parent says it. */
  omitRequiredSchemas?: boolean
}

/** The JSON Schema of fields, as `@segment/actions-core` generates it: of an action, of settings, of a hook. */
export function fieldsToJsonSchema(
  fields: MinimalFields = {},
  options: SchemaOptions = {},
  additionalSchema: JSONSchema4 = {},
): JSONSchema4 {
  return schemaOfFields(fields, options, additionalSchema as never) as JSONSchema4
}

/** The schema of all conditionally required fields. */
export function conditionsToJsonSchema(conditions: Record<string, DependsOnConditions>): JSONSchema4 {
  return schemaOfConditions(conditions) as JSONSchema4
}

/** The schema of a field that is required under conditions. */
export function singleFieldConditionsToJsonSchema(
  fieldKey: string,
  conditions: DependsOnConditions,
): JSONSchema4 | undefined {
  return conditionsToJsonSchema({ [fieldKey]: conditions }).allOf?.[0]
}

/** The schema of a field that is required under one condition. */
export function fieldConditionSingleDependencyToJsonSchema(
  condition: DependsOnConditions['conditions'][number],
  fieldKey: string,
): JSONSchema4 {
  const single = { match: 'all' as const, conditions: [condition] }
  return singleFieldConditionsToJsonSchema(fieldKey, single) as JSONSchema4
}
