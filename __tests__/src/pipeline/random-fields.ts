import * as fc from 'fast-check'

export type Field = Record<string, unknown> & { type: string }
export type Fields = Record<string, Field>

type Options = {
  /** Definitions on which the two modes differ: limits of any kind, conditions of any kind. */
  readonly withDefects?: boolean
}

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'list')
const types = fc.constantFrom(
  'string',
  'text',
  'password',
  'number',
  'integer',
  'boolean',
  'datetime',
  'object',
)
const formats = fc.constantFrom('email', 'date', 'date-time', 'uri', 'uuid', 'hostname', 'time', 'regex')
const textChoices = fc.constantFrom<unknown>(
  ['x', 'Abc', '5'],
  [
    { label: 'X', value: 'x' },
    { label: 'T', value: 'true' },
  ],
)
const numberChoices = fc.constant<unknown>([
  { label: 'Five', value: 5 },
  { label: 'One', value: 1 },
])

function condition(withDefects: boolean, fieldKey: fc.Arbitrary<string>) {
  const value = fc.constantFrom<unknown>(
    'x',
    'Abc',
    5,
    true,
    ...(withDefects ? [undefined, ['x', 'Abc']] : []),
  )
  return fc.record({ fieldKey, operator: fc.constantFrom('is', 'is_not'), value }, { noNullPrototype: true })
}

function requirement(withDefects: boolean) {
  const single = condition(withDefects, withDefects ? fc.oneof(keys, fc.constantFrom('a.b', 'c.a')) : keys)
  return fc.record(
    { match: fc.constantFrom('any', 'all'), conditions: fc.array(single, { minLength: 1, maxLength: 2 }) },
    { requiredKeys: ['conditions'], noNullPrototype: true },
  )
}

/** One field. Nested properties to a depth of two. */
function field(options: Options, depth: number): fc.Arbitrary<Field> {
  const withDefects = options.withDefects ?? false
  const limit = withDefects ? fc.integer({ min: 0, max: 3 }) : fc.integer({ min: 1, max: 3 })
  const base = fc.record({
    type: types,
    multiple: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
    allowNull: fc.option(fc.boolean(), { nil: undefined }),
    additionalProperties: fc.option(fc.boolean(), { nil: undefined }),
    required: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(undefined, true, false) },
      { weight: depth === 0 || withDefects ? 1 : 0, arbitrary: requirement(withDefects) },
    ),
    hasChoices: fc.integer({ min: 0, max: 5 }),
    choices: fc.tuple(textChoices, numberChoices),
    hasFormat: fc.integer({ min: 0, max: 4 }),
    format: formats,
    hasLimits: fc.integer({ min: 0, max: 3 }),
    minimum: fc.option(limit, { nil: undefined }),
    maximum: fc.option(limit, { nil: undefined }),
    properties:
      depth < 2 ? fc.option(fields(options, depth + 1), { nil: undefined, freq: 3 }) : fc.constant(undefined),
  })
  return base.map((given) => {
    const isText = given.type === 'string'
    const isNumber = given.type === 'number'
    const hasLimits = given.hasLimits === 0 && (withDefects || ((isText || isNumber) && !given.multiple))
    const result: Record<string, unknown> = {
      label: `The ${given.type}`,
      description: 'd',
      type: given.type,
      multiple: given.multiple,
      allowNull: given.allowNull,
      additionalProperties: given.additionalProperties,
      required: given.required,
      choices: given.hasChoices === 0 && (isText || isNumber) ? given.choices[isText ? 0 : 1] : undefined,
      format: given.hasFormat === 0 && isText ? given.format : undefined,
      minimum: hasLimits ? given.minimum : undefined,
      maximum: hasLimits ? given.maximum : undefined,
      properties: given.type === 'object' ? given.properties : undefined,
    }
    return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined)) as Field
  })
}

function fields(options: Options, depth: number): fc.Arbitrary<Fields> {
  return fc.dictionary(
    depth === 0 ? keys : fc.constantFrom('a', 'b', 'c'),
    fc.memo(() => field(options, depth))(1),
    {
      minKeys: 1,
      maxKeys: depth === 0 ? 4 : 3,
      noNullPrototype: true,
    },
  )
}

/** Definitions of fields as actions hold them. */
export const randomFields = (options: Options = {}): fc.Arbitrary<Fields> => fields(options, 0)
