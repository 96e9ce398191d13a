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

/** A directive of a mapping, such as `{ '@path': '$.userId' }`. What it gives is known when an event comes. */
export type DirectiveValue = { readonly [name: `@${string}`]: unknown }

type MappedSingle<Value> = Value extends readonly (infer Item)[]
  ? readonly Mapped<Item>[] | Mapped<Item>
  : Value extends object
    ? { readonly [Key in keyof Value]?: Mapped<Value[Key]> }
    : Value

/** What may stand in a mapping where a field takes `Value`: a value of that type, or a directive at any depth. */
export type Mapped<Value> = DirectiveValue | MappedSingle<Value> | null

/** What may be the default of a field. */
export type DefaultOf<Field> = Field extends FieldShape ? Mapped<ValueOf<Field>> : unknown

/** What may be a choice of a field. */
export type ChoiceOf<Field> = Field extends { readonly type: 'number' | 'integer' }
  ? number | { readonly value: number; readonly label: string }
  : string | { readonly value: string; readonly label: string }

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
