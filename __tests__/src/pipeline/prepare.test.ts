import { fieldsToJsonSchema, transform, validateSchema } from '@segment/actions-core'
import * as fc from 'fast-check'
import { compilePreparation, InvalidPayload } from '../../../src/pipeline/prepare'
import { forms } from './forms'

const { removeEmptyValues } = jest.requireActual(
  '../../../node_modules/@segment/actions-core/dist/cjs/remove-empty-values.js',
) as { removeEmptyValues(value: unknown, schema: unknown, isRoot: boolean): Record<string, unknown> }

type Field = Record<string, unknown> & { type: string }
const field = (type: string, more: object = {}): Field => ({
  label: `The ${type}`,
  description: '',
  type,
  ...more,
})

/** What the generated form gives, which the closures give too. */
function prepare(fields: Record<string, Field>, mapping: object, event: object) {
  const prepareAs = (form: (typeof forms)[keyof typeof forms]) =>
    compilePreparation({ fields, mapping, ...form }).prepare(event)
  const generated = prepareAs(forms.generated)
  expect(generated).toEqual(prepareAs(forms.closure))
  return generated
}

const mapped = (value: unknown, event: object) => {
  const result = prepare({}, { out: value }, event)
  return result instanceof InvalidPayload ? result : result.out
}

const order = {
  type: 'track',
  userId: 'u1',
  properties: {
    total: 0,
    name: 'Åsa {{userId}}',
    products: [{ id: 1, price: 2 }, 'x'],
    empty: null,
    flag: false,
  },
  'a.b': 1,
}

describe('directives', () => {
  test.each([
    ['a path', { '@path': '$.properties.products[0].id' }, 1],
    ['a path with quotes', { '@path': "$.properties['total']" }, 0],
    ['the root', { '@path': '' }, order],
    ['a dollar alone, which is no root', { '@path': '$' }, undefined],
    ['a falsy step, which is the result', { '@path': '$.properties.flag.deeper' }, false],
    ['an inherited member, which is none', { '@path': '$.constructor.name' }, undefined],
    ['the length of a text, which is no member', { '@path': '$.userId.length' }, undefined],
    ['$. in the middle, which is no root', { '@path': 'user$.Id' }, undefined],
    ['a template', { '@template': '{{userId}}: {{{properties.total}}}{{missing}}' }, 'u1: 0'],
    ['a template over data that looks like one', { '@template': '{{{properties.name}}}' }, 'Åsa {{userId}}'],
    ['a branch on an existing value', { '@if': { exists: { '@path': '$.userId' }, then: 1, else: 2 } }, 1],
    ['a branch to a falsy else', { '@if': { exists: { '@path': '$.no' }, then: 1, else: 0 } }, 0],
    [
      'blank, which asks for the contrary',
      { '@if': { blank: { '@path': '$.properties.total' }, then: 1, else: 2 } },
      2,
    ],
    ['upper case', { '@case': { operator: 'upper', value: { '@path': '$.userId' } } }, 'U1'],
    ['a replacement', { '@replace': { pattern: '.', replacement: '-', value: 'a.b.c' } }, 'a-b-c'],
    [
      'a replacement of two',
      {
        '@replace': {
          pattern: 'a',
          replacement: 'x',
          pattern2: 'B',
          replacement2: 'y',
          ignorecase: true,
          value: 'aAb',
        },
      },
      'xxy',
    ],
    [
      'a list with a shape',
      { '@arrayPath': ['$.properties.products', { id: { '@path': '$.id' } }] },
      [{ id: 1 }, {}],
    ],
    ['a literal', { '@literal': '{{userId}}' }, '{{userId}}'],
    [
      'encoded JSON, in any case',
      { '@json': { mode: 'ENCODE', value: { a: { '@path': '$.userId' } } } },
      '{"a":"u1"}',
    ],
    ['decoded JSON', { '@json': { mode: 'decode', value: '[1]' } }, [1]],
    ['what is no JSON', { '@json': { mode: 'decode', value: '{' } }, '{'],
    ['flattened', { '@flatten': { value: { a: { b: [1] } }, separator: '.' } }, { 'a.b.0': 1 }],
    [
      'flattened without lists',
      { '@flatten': { value: { a: { b: [1] } }, separator: '_', omitArrays: true } },
      { a_b: [1] },
    ],
    ['merged to the right', { '@merge': { objects: [{ a: 1 }, { a: 2 }], direction: 'right' } }, { a: 2 }],
    ['merged to the left', { '@merge': { objects: [{ a: 1 }, { a: 2 }], direction: 'left' } }, { a: 1 }],
    [
      'transformed',
      { '@transform': { apply: { x: { '@path': '$.userId' } }, mapping: { y: { '@path': '$.x' } } } },
      { y: 'u1' },
    ],
    ['without nulls', { '@excludeWhenNull': { '@path': '$.properties.empty' } }, undefined],
    ['Liquid', { '@liquid': '{{ userId | upcase }}' }, 'U1'],
  ])('%s', (_name, directive, expected) => {
    expect(mapped(directive, order)).toEqual(expected)
  })

  test('a root directive gets all other keys as its mapping, and stays as it is', () => {
    const mapping = Object.freeze({
      __segment_internal_directive: Object.freeze({
        '@transform': Object.freeze({ apply: { x: { '@path': '$.userId' } } }),
      }),
      id: { '@path': '$.x' },
    })
    expect(prepare({ id: field('string') }, mapping, order)).toEqual({ id: 'u1' })
    expect(mapping.__segment_internal_directive['@transform']).toEqual({
      apply: { x: { '@path': '$.userId' } },
    })
  })

  test('every mistake is reported at once, with its path', () => {
    const mapping = { a: { '@nope': 1 }, b: [{ c: { '@case': { operator: 'title' } } }], d: { '@path': 1 } }
    expect(() => compilePreparation({ fields: {}, mapping, path: 'connections[0].mapping' })).toThrow(
      /connections\[0\]\.mapping\.a: has an invalid directive: @nope\n.*\.b\[0\]\.c\.@case\.operator: should be one of upper, lower.*\n.*\.d\.@path: should be a string/,
    )
  })

  test('a key of no field is a mistake where the mapping was written for us', () => {
    const options = { fields: { email: field('string') }, mapping: { emial: 1 } }
    expect(compilePreparation(options).prepare({})).toEqual({})
    expect(() => compilePreparation({ ...options, strictKeys: true })).toThrow(
      'mapping.emial: the action has no such field; there are email',
    )
  })

  test('no event pollutes a prototype', () => {
    const hostile = JSON.parse('{"traits":{"__proto__":{"polluted":true},"constructor":{"x":1}}}')
    const payload = prepare(
      { traits: field('object') },
      { traits: { '@merge': { objects: [{ '@path': '$.traits' }], direction: 'right' } } },
      hostile,
    )
    expect(payload).not.toBeInstanceOf(InvalidPayload)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('coercion', () => {
  const invalid = Symbol('invalid')
  test.each([
    ['string', 5, '5'],
    ['string', true, 'true'],
    ['string', ['x'], 'x'],
    ['string', ['x', 'y'], invalid],
    ['string', {}, invalid],
    ['string', '', undefined],
    ['string', null, undefined],
    ['number', '5', 5],
    ['number', '  7 ', 7],
    ['number', true, 1],
    ['number', 'x', invalid],
    ['number', '', undefined],
    ['integer', '5.0', 5],
    ['integer', 5.5, invalid],
    ['boolean', 'true', true],
    ['boolean', 0, false],
    ['boolean', 'TRUE', invalid],
    ['boolean', '1', invalid],
    ['datetime', '2024-01-01', '2024-01-01'],
    ['datetime', 1704067200, 1704067200],
    ['datetime', '1704067200', '1704067200'],
    ['datetime', 'garbage', invalid],
    ['datetime', true, invalid],
    ['object', { a: null }, { a: null }],
    ['object', 'x', invalid],
  ])('to %s from %j gives %p', (type, value, expected) => {
    const result = prepare({ f: field(type) }, { f: { '@path': '$.v' } }, { v: value })
    if (expected === invalid) expect(result).toMatchObject({ fields: [{ path: 'f', label: `The ${type}` }] })
    else expect(result).toEqual(expected === undefined ? {} : { f: expected })
  })

  test('a single value becomes a list where a field is multiple, and empty items go', () => {
    const fields = { f: field('string', { multiple: true }), n: field('number', { multiple: true }) }
    const mapping = { f: { '@path': '$.f' }, n: { '@path': '$.n' } }
    expect(prepare(fields, mapping, { f: 'x', n: ['1', null, ''] })).toEqual({ f: ['x'], n: [1] })
  })

  test('a message names label, path and types, never the value', () => {
    const result = prepare(
      { f: field('number', { label: 'Price' }) },
      { f: { '@path': '$.v' } },
      { v: 'secret' },
    )
    expect(result).toMatchObject({ message: 'Price (f) must be a number but it was a string.' })
    expect(JSON.stringify(result)).not.toContain('secret')
  })
})

describe('F rows: right by default', () => {
  const problem = (fields: Record<string, Field>, event: object): string | undefined => {
    const mapping = Object.fromEntries(Object.keys(fields).map((key) => [key, { '@path': `$.${key}` }]))
    const result = prepare(fields, mapping, event)
    return result instanceof InvalidPayload ? result.message : undefined
  }
  test('a minimum of 0 holds, and bounds hold for integers', () => {
    expect(problem({ a: field('number', { minimum: 0 }) }, { a: -1 })).toContain('at least 0')
    expect(problem({ a: field('integer', { maximum: 5 }) }, { a: 6 })).toContain('at most 5')
  })
  test('a condition may name a list of values', () => {
    const required = { conditions: [{ fieldKey: 'a', operator: 'is', value: ['x', 'y'] }] }
    const fields = { a: field('string'), b: field('string', { required }) }
    expect(problem(fields, { a: 'y' })).toContain('(b) is required')
    expect(problem(fields, { a: 'z' })).toBeUndefined()
  })
  test('a condition on a nested field that is there holds, and does not lift the requirements of its siblings', () => {
    const required = { conditions: [{ fieldKey: 'o.city', operator: 'is_not', value: undefined }] }
    const properties = {
      city: field('string'),
      country: field('string', { required }),
      zip: field('string', { required: true }),
    }
    const fields = { o: field('object', { properties }) }
    expect(problem(fields, { o: { city: 'Oslo', zip: '1' } })).toContain('(o.country) is required')
    expect(problem(fields, { o: { country: 'NO' } })).toContain('(o.zip) is required')
  })
  test('a condition on the sync mode is decided by the mapping', () => {
    const required = { conditions: [{ type: 'syncMode', operator: 'is', value: 'add' }] }
    const fields = { a: field('string', { required }) }
    expect(compilePreparation({ fields, mapping: {}, syncMode: 'add' }).prepare({})).toBeInstanceOf(
      InvalidPayload,
    )
    expect(compilePreparation({ fields, mapping: {}, syncMode: 'update' }).prepare({})).toEqual({})
  })
})

/** Random fields, mappings and events against the reference. */
const scalar = fc.oneof(
  fc.constantFrom('', ' ', 'x', '5', '5.5', 'true', 'false', '2024-01-01T00:00:00Z', 'not a date'),
  fc.integer({ min: -2, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -5, max: 5 }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any
const eventOf = fc.record(
  { a: value, b: value, c: value, d: scalar },
  { requiredKeys: [], noNullPrototype: true },
)
const fieldOf = fc
  .record({
    type: fc.constantFrom('string', 'text', 'number', 'integer', 'boolean', 'datetime', 'object'),
    multiple: fc.boolean(),
    allowNull: fc.boolean(),
    required: fc.boolean(),
  })
  // The reference does not check lists of dates, and loses `allowNull` in lists.
  .filter(({ multiple, allowNull, type }) => !(multiple && (allowNull || type === 'datetime')))
  .map(({ type, ...more }) => field(type, more))

const reference = (fields: Record<string, Field>, mapping: object, event: object): unknown => {
  const schema = schemaOf(fields)
  const payload = removeEmptyValues(transform(mapping as never, event as never), schema, true)
  return validateSchema(payload, schema as never, {
    throwIfInvalid: false,
    schemaKey: JSON.stringify(fields).replace(/[^a-zA-Z0-9]/g, ''),
  })
    ? payload
    : 'invalid'
}
const schemaOf = (fields: Record<string, Field>) => fieldsToJsonSchema(fields as never)

/** White space is a number, 0, in the reference alone. */
const hasBlank = (event: unknown): boolean => /"\s+"/.test(JSON.stringify(event))

// Lists for nullable fields and dates are left out: where a schema has two types, Ajv unwraps differently for each.
test('payloads are those of the reference, or both refuse', () => {
  fc.assert(
    fc.property(
      fc.record({ a: fieldOf.filter((entry) => !entry.allowNull && entry.type !== 'datetime'), d: fieldOf }),
      eventOf.filter((event) => !hasBlank(event)),
      (fields, event) => {
        const mapping = { a: { '@path': '$.a' }, d: { '@path': '$.d' } }
        const before = JSON.stringify(event)
        const ours = prepare(fields, mapping, event)
        expect(JSON.stringify(event)).toBe(before)
        expect(ours instanceof InvalidPayload ? 'invalid' : ours).toEqual(
          reference(fields, mapping, structuredClone(event)),
        )
      },
    ),
    { numRuns: process.env.WAYBILL_LONG ? 100_000 : 1_000 },
  )
})
