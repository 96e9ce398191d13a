import * as fc from 'fast-check'
import { oddPathText, pathText, randomEvent, randomMapping, runs } from '../src/pipeline/random-mapping'
import { copy, expectSame } from '../support/both-cores'

const options = { withFalsyElse: true, withLiquid: true, path: fc.oneof(pathText, oddPathText) }
const mapping = randomMapping(options)
const malformed = randomMapping({ ...options, withMistakes: true })
const members = (value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom('a', 'b', 'list', 'enable_batching'), value, {
    maxKeys: 3,
    noNullPrototype: true,
  })
/** A stored directive for the whole payload, which takes the other members as its mapping. */
const rootDirective = fc
  .record({ apply: members(mapping), other: mapping })
  .map(({ apply, other }) => ({ __segment_internal_directive: { '@transform': { apply } }, a: other }))
/** The same with a directive that takes a list, which has no place for the other members. */
const rootList = fc
  .record({ path: fc.constantFrom('$.list', '$.a'), item: members(mapping), other: mapping })
  .map(({ path, item, other }) => ({
    __segment_internal_directive: { '@arrayPath': [path, item] },
    a: other,
  }))

const kinds: Record<string, fc.Arbitrary<unknown>> = {
  'members of a payload': members(mapping),
  'a directive alone': mapping,
  'a root directive': rootDirective,
  'a root directive over a list': rootList,
  'mistakes in it': members(malformed),
}

test.each(Object.entries(kinds))('%s comes to the same values and the same errors', async (_kind, given) => {
  await fc.assert(
    fc.asyncProperty(given, randomEvent, async (value, event) => {
      await expectSame((core) => core.transform(copy(value) as never, copy(event)))
    }),
    runs(1000),
  )
})

test('an event of another type is refused with the same words', async () => {
  const event = fc.oneof(fc.anything(), fc.constant(new Date(0)))
  await fc.assert(
    fc.asyncProperty(event, async (data) => {
      await expectSame((core) => core.transform({ a: 1 }, data as never))
    }),
    runs(300),
  )
})

test('the keys that a mapping reads are the same', async () => {
  await fc.assert(
    fc.asyncProperty(mapping, async (value) => {
      await expectSame((core) => core.getFieldValueKeys(value as never))
    }),
    runs(1000),
  )
})

test('a mapping that is resolved again after a change in place has the change', async () => {
  await fc.assert(
    fc.asyncProperty(mapping, mapping, randomEvent, async (first, second, event) => {
      await expectSame((core) => {
        const stored = { a: copy(first), b: { c: 1 } } as Record<string, unknown>
        const before = core.transform(stored as never, copy(event))
        stored.a = copy(second)
        ;(stored.b as Record<string, unknown>).c = { '@path': '$.a' }
        return [before, core.transform(stored as never, copy(event))]
      })
    }),
    runs(500),
  )
})

test.each<[string, unknown, object]>([
  [
    'an empty placeholder over nothing',
    { '@transform': { apply: { '@path': '$.no' }, mapping: { '@template': '{{ }}' } } },
    {},
  ],
  ['a path that comes to a number', { '@path': { '@path': '$.a' } }, { a: 5 }],
  ['a template that the event holds', { '@template': { '@path': '$.a' } }, { a: '{{b}}', b: 1 }],
  ['a member called __proto__', JSON.parse('{"__proto__":{"@path":"$.a"},"b":1}'), { a: { c: 1 } }],
  ['a list with holes', [{ '@path': '$.no' }, { '@if': { exists: { '@path': '$.no' }, then: 1 } }], {}],
  ['a template over an object that has no text', { '@template': '{{a}}' }, { a: { toString: 'x' } }],
  ['a liquid text that is too long', { '@liquid': 'x'.repeat(1001) }, {}],
  ['a liquid tag that is disabled', { '@liquid': '{% for i in a %}{{ i }}{% endfor %}' }, { a: [1] }],
])('%s comes to the same', async (_name, value, event) => {
  await expectSame((core) => core.transform({ value: copy(value) } as never, copy(event) as never))
})
