/** The part of JSON Schema that field definitions need. */
export type PayloadSchema = {
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly items?: PayloadSchema
  readonly properties?: Readonly<Record<string, PayloadSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly allOf?: readonly PayloadSchema[]
  readonly anyOf?: readonly PayloadSchema[]
  readonly not?: PayloadSchema
  readonly if?: PayloadSchema
  readonly then?: PayloadSchema
}

/** The types that a schema allows; none where it does not say. */
export const typesOf = (schema: PayloadSchema): readonly string[] => {
  if (schema.type === undefined) return []
  return typeof schema.type === 'string' ? [schema.type] : schema.type
}

/** The schema of a property, if the schema names it. */
export const propertySchema = (schema: PayloadSchema, key: string): PayloadSchema | undefined =>
  schema.properties !== undefined && Object.hasOwn(schema.properties, key)
    ? schema.properties[key]
    : undefined
