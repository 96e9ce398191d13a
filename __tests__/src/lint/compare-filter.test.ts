import * as fc from 'fast-check'
import { compareFilter } from '../../../src/lint/filter/compare-filter'
import { compileSubscription } from '../../../src/pipeline/filter/compile-subscription'

/** What a filter lets through in a mode; one that cannot be read lets nothing through. */
function predicate(source: string, compatibility: boolean): (event: object) => boolean {
  try {
    return compileSubscription(source, { compatibility }) as (event: object) => boolean
  } catch {
    return () => false
  }
}

const texts = ['track', 'A', 'B', 'AB', 'A B', 'x*', '*B', 'A?', '5', 'null', '', '[AB]*']
const numbers = [0, 5, 5.5, -1]
const paths = [
  'type',
  'event',
  'name',
  'userId',
  'anonymousId',
  'properties.a',
  'properties.b',
  'properties.a.c',
  'traits.a',
  'context.x.y',
  'properties.constructor',
  'properties.length',
]
const path = fc.constantFrom(...paths)
const text = fc.constantFrom(...texts)
const quoted = fc
  .tuple(text, fc.constantFrom('"', '"', '"', "'"))
  .map(([value, quote]) => `${quote}${value}${quote}`)
const number = fc.constantFrom(...numbers).map(String)
const literal = fc.oneof(quoted, quoted, number, fc.constantFrom('true', 'false', 'null'))
const atom = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(path, fc.constantFrom('=', '!='), literal).map((parts) => parts.join(' ')),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(path, fc.constantFrom('<', '<=', '>', '>='), number).map((parts) => parts.join(' ')),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('', '!'), fc.constantFrom('contains', 'match'), path, quoted)
      .map(([not, name, on, value]) => `${not}${name}(${on}, ${value})`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(path, quoted, quoted).map(([on, one, other]) => `${on} in [${one}, ${other}]`),
  },
  { weight: 1, arbitrary: fc.tuple(quoted, path).map(([one, on]) => `${one} in ${on}`) },
  { weight: 1, arbitrary: fc.tuple(path, path).map(([one, other]) => `${one} = ${other}`) },
  { weight: 1, arbitrary: fc.tuple(path, number).map(([on, count]) => `length(${on}) >= ${count}`) },
  { weight: 1, arbitrary: fc.tuple(path, quoted).map(([on, value]) => `lowercase(${on}) = ${value}`) },
)
const { filter } = fc.letrec<{ filter: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.tuple(fc.constantFrom('', '', '!'), tie('filter')).map(([not, inner]) => `${not}(${inner})`),
  ),
  filter: fc
    .tuple(tie('part'), fc.array(fc.tuple(fc.constantFrom('and', 'or'), tie('part')), { maxLength: 3 }))
    .map(([first, rest]) => [first, ...rest.flat()].join(' ')),
}))

const value = fc.oneof(
  fc.constantFrom(...texts, 'a', 'xy', 'zB', 'AZ', 'b'),
  fc.constantFrom(...numbers, 4, 6),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.constantFrom(...texts), { maxLength: 2 }),
)
const some = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] })
const event = some({
  type: value,
  event: value,
  name: value,
  userId: value,
  anonymousId: value,
  properties: some({ a: fc.oneof(value, some({ c: value })), b: value, length: value }),
  traits: some({ a: value }),
  context: some({ x: some({ y: value }) }),
}) as fc.Arbitrary<Record<string, unknown>>

const numRuns = process.env.WAYBILL_LONG ? 5_000 : 150

test('a difference is told exactly when there is one, and its witness shows it', () => {
  fc.assert(
    fc.property(filter, fc.array(event, { minLength: 40, maxLength: 40 }), (source, events) => {
      const [byDefault, compatible] = [predicate(source, false), predicate(source, true)]
      const { difference, match } = compareFilter(source)
      if (difference.kind === 'found')
        expect(byDefault(difference.event)).not.toBe(compatible(difference.event))
      if (difference.kind === 'none')
        expect(events.filter((tried) => byDefault(tried) !== compatible(tried))).toEqual([])
      if (match.kind === 'found') expect(byDefault(match.event)).toBe(true)
      if (match.kind === 'none') expect(events.filter((tried) => byDefault(tried))).toEqual([])
    }),
    { numRuns },
  )
})

test.each([
  ['type = "track"', 'none'],
  ['type = "track" and event = "A" and properties.price >= 5', 'none'],
  ['type = "identify" or type = "track" or type = "page"', 'none'],
  ['(type = "track" and event = "A") or (type = "page" and name != "B")', 'none'],
  ['contains(event, "A") and !contains(event, "A")', 'none'],
  ['type = "track" and event = "B" or event = "A"', 'found'],
  ['type = "track" and anonymousId = "nope"', 'found'],
  ["type = 'track'", 'found'],
  ['match(event, "A")', 'found'],
  ['event != null', 'found'],
  ['!(type = "track")', 'found'],
  ['!contains(properties.a, "x")', 'found'],
  ['"a" in properties.list', 'found'],
])('the modes differ on %s: %s', (source, expected) => {
  expect(compareFilter(source).difference.kind).toBe(expected)
})

test('a long filter is decided too, and soon', () => {
  const conditions = Array.from({ length: 40 }, (_, index) => `properties.p${index} = "v${index}"`)
  const start = performance.now()
  expect(compareFilter(`type = "track" and (${conditions.join(' or ')})`).difference.kind).toBe('none')
  expect(compareFilter(`type = "track" and ${conditions.join(' or ')}`).difference.kind).toBe('found')
  expect(compareFilter(conditions.join(' and ')).match.kind).toBe('found')
  expect(performance.now() - start).toBeLessThan(3_000)
})
