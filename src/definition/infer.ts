import type { InputField } from '@segment/actions-core'

type Simplify<T> = { [K in keyof T]: T[K] } & {}

/** The members of a field that decide its TypeScript type. */
type FieldShape = {
  type: InputField['type']
  required?: InputField['required']
  multiple?: boolean
  allowNull?: boolean
  additionalProperties?: boolean
  choices?: InputField['choices'] | readonly unknown[]
  properties?: Record<string, unknown>
}

type Literal<Value, Fallback> = [Value] extends [Fallback] ? Value : Fallback

type Chosen<Field extends FieldShape, Fallback> = Field extends { choices: readonly (infer Choice)[] }
  ? [Choice] extends [{ value: infer Value }]
    ? Literal<Value, Fallback>
    : Literal<Choice, Fallback>
  : Fallback

type ObjectOf<Field extends FieldShape> = Field extends {
  properties: infer Properties extends Record<string, FieldShape>
}
  ? Field extends { additionalProperties: true }
    ? InferFields<Properties> & { [key: string]: unknown }
    : InferFields<Properties>
  : { [key: string]: unknown }

type Single<Field extends FieldShape> = Field['type'] extends 'number' | 'integer'
  ? Chosen<Field, number>
  : Field['type'] extends 'boolean'
    ? boolean
    : Field['type'] extends 'datetime'
      ? string | number
      : Field['type'] extends 'object'
        ? ObjectOf<Field>
        : Chosen<Field, string>

/** A null list arrives as a list, so `allowNull` adds nothing to a `multiple` field. */
type ValueOf<Field extends FieldShape> = Field extends { multiple: true }
  ? Single<Field>[]
  : Field extends { allowNull: true }
    ? Single<Field> | null
    : Single<Field>

type RequiredKeys<Fields> = {
  [K in keyof Fields]: Fields[K] extends { required: true } ? K : never
}[keyof Fields]

/**
 * The payload (or settings) type that a record of field definitions describes: `required: true` decides the `?`,
 * `multiple` the array, `choices` a union, `object` follows its `properties`, `allowNull` adds null, `datetime` is
 * `string | number`.
 */
export type InferFields<Fields extends Record<string, FieldShape>> = Simplify<
  { [K in RequiredKeys<Fields>]: ValueOf<Fields[K]> } & {
    [K in Exclude<keyof Fields, RequiredKeys<Fields>>]?: ValueOf<Fields[K]>
  }
>
