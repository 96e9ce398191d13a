import { transform as referenceTransform } from '@segment/actions-core'
import * as fc from 'fast-check'
import { transform } from 'waybill/actions-core'
import { compileMapping } from '../../../../src/pipeline/mapping/compile-mapping'
import { allForms } from '../forms'
import { oddPathText, pathText, randomEvent, randomMapping, runs } from '../random-mapping'

type Run = { value: string | undefined } | { name: string; messages: string[] }

/** What a call comes to: its result as JSON, or the name and messages of its error. */
function outcomeOf(call: () => unknown): Run {
  try {
    return { value: JSON.stringify(call()) }
  } catch (error) {
    const { name, message } = error as Error
    const isMany = typeof (error as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function'
    return {
      name,
      messages:
        isMany && name === 'AggregateError'
          ? [...(error as Iterable<Error>)].map((one) => one.message)
          : [message],
    }
  }
}

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member)
    Object.freeze(value)
  }
  return value
}

// The reference writes defaults into mappings and can be made to throw by an event with a member `toString`.
const theirs = (mapping: unknown, event: unknown) =>
  outcomeOf(() => referenceTransform(structuredClone(mapping) as never, event as never))
const isCrash = (run: Run) => 'name' in run && run.name === 'TypeError'

test('in compatibility mode, random mappings give what the reference gives, errors included', () => {
  const mapping = fc.dictionary(
    fc.constantFrom('out', 'p', 'q'),
    randomMapping({
      path: fc.oneof(pathText, oddPathText),
      withMistakes: true,
      withLiquid: true,
      withFalsyElse: true,
    }),
    { maxKeys: 2, noNullPrototype: true },
  )
  fc.assert(
    fc.property(mapping, randomEvent, (given, event) => {
      const expected = theirs(given, event)
      fc.pre(!isCrash(expected))
      expect(outcomeOf(() => transform(frozen(given) as never, frozen(event)))).toEqual(expected)
    }),
    runs(4_000),
  )
})

test('in compatibility mode, a root directive over a list gives what the reference gives', () => {
  const item = randomMapping({ path: pathText, withMistakes: true })
  fc.assert(
    fc.property(fc.constantFrom('$.list', '$.a'), item, item, randomEvent, (path, inside, other, event) => {
      const given = { __segment_internal_directive: { '@arrayPath': [path, { x: inside }] }, a: other }
      const expected = theirs(given, event)
      fc.pre(!isCrash(expected))
      expect(outcomeOf(() => transform(frozen(given) as never, frozen(event)))).toEqual(expected)
    }),
    runs(500),
  )
})

test('by default, random mappings without mistakes give what the reference gives', () => {
  fc.assert(
    fc.property(randomMapping({ withLiquid: true }), randomEvent, (given, event) => {
      const expected = theirs({ out: given }, event)
      fc.pre(!isCrash(expected))
      for (const form of allForms) {
        const ours = outcomeOf(() => compileMapping(frozen({ out: given }), form).map(frozen(event)))
        if ('value' in expected) expect(ours).toEqual(expected)
        else expect(ours).toHaveProperty('name')
      }
    }),
    runs(4_000),
  )
})
