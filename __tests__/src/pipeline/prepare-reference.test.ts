import { fieldsToJsonSchema as referenceSchema } from '@segment/actions-core'
import * as fc from 'fast-check'
import { fieldsToJsonSchema } from '../../../src/pipeline/payload/fields-to-json-schema'
import { compilePreparation, InvalidPayload } from '../../../src/pipeline/prepare'
import { allForms } from './forms'
import { type Fields, randomFields } from './random-fields'
import { randomEvent, randomMapping, runs } from './random-mapping'
import { referencePrepare } from './reference-payload'

beforeAll(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => undefined)
})

type Result = { payload: string | undefined } | { error: string; message: string }

function resultOf(call: () => unknown): Result {
  try {
    const value = call()
    if (value instanceof InvalidPayload) {
      const error = value.error ?? new Error(value.message)
      return { error: error.name, message: value.message }
    }
    return { payload: JSON.stringify(value) }
  } catch (error) {
    const { name, message } = error as Error
    return { error: name === 'MappingError' ? 'Error' : name, message }
  }
}

/** Mostly a plain path per field, so that values meet the fields that they are meant for. */
const mappingOf = (fields: Fields): fc.Arbitrary<Record<string, unknown>> => {
  const keys = Object.keys(fields)
  const value = (key: string) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<unknown>({ '@path': `$.${key}` }) },
      { weight: 1, arbitrary: fc.constant<unknown>(undefined) },
      {
        weight: 1,
        arbitrary: fc.constant<unknown>({
          '@arrayPath': [`$.${key}`, { a: { '@path': '$.a' }, b: { '@path': '$.b' } }],
        }),
      },
      {
        weight: 1,
        arbitrary: fc.constant<unknown>({ a: { '@path': `$.${key}.a` }, b: { '@path': '$.b' }, z: 1 }),
      },
      { weight: 2, arbitrary: randomMapping() },
    )
  return fc
    .tuple(fc.tuple(...keys.map(value)), fc.option(randomMapping(), { nil: undefined, freq: 5 }))
    .map(([values, extra]) => {
      const entries = keys.map((key, index) => [key, values[index]] as const)
      return Object.fromEntries(
        [...entries, ['unknown', extra] as const].filter(([, value]) => value !== undefined),
      )
    })
}

const cases = (options: Parameters<typeof randomFields>[0]) =>
  randomFields(options).chain((fields) =>
    fc.tuple(fc.constant(fields), mappingOf(fields), fc.array(randomEvent, { minLength: 8, maxLength: 8 })),
  )

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value
}

test('schemas are those of the reference', () => {
  fc.assert(
    fc.property(randomFields({ withDefects: true }), (fields) => {
      expect(fieldsToJsonSchema(fields)).toEqual(referenceSchema(fields as never))
      expect(fieldsToJsonSchema(fields, { tsType: true })).toEqual(
        referenceSchema(fields as never, { tsType: true }),
      )
    }),
    runs(1_000),
  )
})

test.each([false, true])(
  'in compatibility mode payloads and errors are those of the reference (in a batch: %s)',
  (inBatch) => {
    fc.assert(
      fc.property(cases({ withDefects: true }), ([fields, mapping, events]) => {
        const theirs = referencePrepare(fields, mapping, inBatch)
        const expected = events.map((event) => resultOf(() => theirs(structuredClone(event))))
        fc.pre(!expected.some((result) => 'error' in result && result.error === 'TypeError'))
        frozen(mapping)
        for (const form of allForms) {
          const ours = compilePreparation({ fields, mapping, compatibility: true, ...form })
          const run = inBatch ? ours.prepareInBatch : ours.prepare
          expect(events.map((event) => resultOf(() => run(frozen(event))))).toEqual(expected)
        }
      }),
      { numRuns: runs(2_400).numRuns / 8 },
    )
  },
)

test('by default payloads are those of the reference, or both refuse', () => {
  // White space is a number, 0, in the reference alone.
  const hasBlank = (event: unknown): boolean => JSON.stringify(event).includes('" "')
  fc.assert(
    fc.property(cases({}), ([fields, mapping, given]) => {
      const events = given.filter((event) => !hasBlank(event))
      const theirs = referencePrepare(fields, mapping)
      const expected = events.map((event) => resultOf(() => theirs(structuredClone(event))))
      fc.pre(!expected.some((result) => 'error' in result && result.error === 'TypeError'))
      frozen(mapping)
      for (const form of allForms) {
        const ours = compilePreparation({ fields, mapping, ...form })
        for (const run of [ours.prepare, ours.prepareInBatch]) {
          const results = events.map((event) => resultOf(() => run(frozen(event))))
          const kinds = (list: Result[]) => list.map((result) => ('payload' in result ? result : 'invalid'))
          expect(kinds(results)).toEqual(kinds(expected))
        }
      }
    }),
    { numRuns: runs(2_400).numRuns / 8 },
  )
})
