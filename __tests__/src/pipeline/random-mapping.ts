import * as fc from 'fast-check'

/** Values as events hold them, and some that no sane event holds. */
export const eventScalar = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    'Abc',
    '5',
    '5.5',
    '5.0',
    ' 7 ',
    'true',
    'false',
    'null',
    '0',
    '{"a":1}',
    '[1,null]',
    '{"b',
  ),
  fc.constantFrom(
    '2024-01-01T00:00:00Z',
    '2024-01-01',
    '1700000000',
    '1700000000000',
    'not a date',
    'a@b.co',
    'ÅÄ😀',
  ),
  fc.constantFrom(0, -0, 1, -1, 5, 5.5, 1e21, 1700000000),
  fc.boolean(),
  fc.constant(null),
)

const memberNames = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'x y',
  'a.b',
  '0',
  'length',
  '@path',
  'constructor',
  'toString',
)

/** Any JSON value. */
export const eventValue = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    eventScalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(memberNames, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any

/** An event with the members that random mappings read. */
export const randomEvent = fc.record(
  {
    a: eventValue,
    b: eventValue,
    c: eventValue,
    d: eventScalar,
    list: fc.array(eventValue, { maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

export const pathText = fc.constantFrom(
  '$.a',
  '$.b',
  '$.c',
  '$.d',
  '$.list',
  '$.a.b',
  '$.b.c.a',
  "$.a['x y']",
  '$.list[0]',
  '$.list.1.a',
  '$.a[b]',
  '$.missing',
  '$.missing.b',
  'a',
  '$',
  '$.',
  '.',
  '',
  '..a..b..',
)

/** Paths on which the two modes differ. */
export const oddPathText = fc.constantFrom(
  'a$.b',
  '$.$.a',
  '$.a.length',
  '$.constructor',
  '$.a.toString',
  '$.d.0',
  '$.a.b$.c',
  '$.a["a.b"]',
  "$.b['']",
)

const templateText = fc.constantFrom(
  '{{a}}',
  '{{ a.b }}',
  '{{{d}}}',
  'x {{d}} {{{b}}}{{c}}',
  '{{}}',
  '{{ }}',
  '{{$.a}}',
  '{{list}}',
  'plain',
  '',
  '{{d',
  '{{{d}}',
  '{{{{d}}}}',
)

const liquidText = fc.constantFrom(
  '{{ a | upcase }}',
  '{% if d %}{{ d }}{% else %}none{% endif %}',
  '',
  '{{ list | join: "-" }}',
  '{{ a.b | default: "n" }}',
  '{{ a | map: "b" }}',
  '{{ a | nofilter }}',
)

type Options = {
  readonly path?: fc.Arbitrary<string>
  /** Also directives whose options are wrong or missing, and values that are no directives. */
  readonly withMistakes?: boolean
  readonly withLiquid?: boolean
  readonly withFalsyElse?: boolean
}

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const compact = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T

/** Mappings with all directives, nested. */
export function randomMapping(options: Options = {}): fc.Arbitrary<unknown> {
  const path = options.path ?? pathText
  const word = (...words: string[]) =>
    options.withMistakes
      ? fc.oneof(fc.constantFrom(...words), fc.constantFrom('nope', '', 5, null))
      : fc.constantFrom(...words)
  return fc.letrec<{ any: unknown; directive: unknown; textual: unknown; members: Record<string, unknown> }>(
    (tie) => {
      const scalar = fc.constantFrom<unknown>('text', 'AbC', '', 0, 5, true, false, null)
      const truthy = fc.oneof(tie('directive'), fc.constantFrom('text', 5, true))
      const otherwise = options.withFalsyElse ? tie('any') : truthy
      const pathOrDirective = options.withMistakes
        ? fc.oneof(path, tie('directive'), fc.constant(5))
        : fc.oneof(
            path,
            path.map((text) => ({ '@literal': text })),
          )
      const object = fc.oneof(tie('members'), tie('directive'))
      const replace = fc
        .record({
          pattern: fc.constantFrom('a', '.', 'b', '$', ' ', '0'),
          replacement: sometimes(fc.constantFrom('', '-', '[$&]', '$$', '*')),
          value: tie('textual'),
          global: sometimes(fc.boolean()),
          ignorecase: sometimes(fc.boolean()),
          pattern2: sometimes(fc.constantFrom('', 'x', '-', options.withMistakes ? 'more than ten' : 'y')),
          replacement2: sometimes(fc.constantFrom('', '+')),
        })
        .map((value) => ({ '@replace': compact(value) }))
      const directives: fc.Arbitrary<unknown>[] = [
        pathOrDirective.map((value) => ({ '@path': value })),
        path.map((value) => ({ '@path': value, _metadata: { type: 'variable' } })),
        templateText.map((value) => ({ '@template': value })),
        fc
          .tuple(truthy, tie('any'), otherwise)
          .map(([exists, then, orElse]) => ({ '@if': { exists, then, else: orElse } })),
        fc.tuple(truthy, tie('any')).map(([blank, then]) => ({ '@if': { blank, then } })),
        fc
          .record({ operator: word('upper', 'lower'), value: tie('textual') })
          .map((value) => ({ '@case': value })),
        replace,
        fc
          .tuple(fc.oneof(path, tie('directive')), fc.oneof(tie('members'), tie('directive')))
          .map((value) => ({ '@arrayPath': value })),
        path.map((value) => ({ '@arrayPath': [value] })),
        tie('any').map((value) => ({ '@literal': value })),
        fc.record({ mode: word('encode', 'decode'), value: truthy }).map((value) => ({ '@json': value })),
        fc
          .record({
            separator: fc.constantFrom('.', '_'),
            value: tie('any'),
            omitArrays: sometimes(fc.boolean()),
          })
          .map((value) => ({ '@flatten': compact(value) })),
        fc
          .record({ objects: fc.array(object, { maxLength: 3 }), direction: word('left', 'right') })
          .map((value) => ({ '@merge': value })),
        fc.record({ apply: tie('members'), mapping: object }).map((value) => ({ '@transform': value })),
        tie('any').map((value) => ({ '@excludeWhenNull': value })),
      ]
      if (options.withLiquid) directives.push(liquidText.map((value) => ({ '@liquid': value })))
      if (options.withMistakes)
        directives.push(
          fc.constantFrom<unknown>(
            { '@nope': 1 },
            { '@path': '$.a', '@template': 'x' },
            { '@path': '$.a', more: 1 },
            { '@if': {} },
            { '@if': { exists: '' } },
            { '@if': 5 },
            { '@case': {} },
            { '@replace': { pattern: '', value: 5 } },
            { '@arrayPath': 'x' },
            { '@arrayPath': [] },
            { '@json': { mode: 'encode' } },
            { '@merge': { objects: {} } },
            { '@merge': { objects: [5, { '@path': 5 }], direction: 'up' } },
            { '@flatten': { value: 1 } },
            { '@transform': { apply: 5 } },
            { '@liquid': 5 },
          ),
          fc.record({ apply: tie('any'), mapping: tie('any') }).map((value) => ({ '@transform': value })),
        )
      return {
        any: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          scalar,
          tie('directive'),
          tie('members'),
          fc.array(tie('any'), { maxLength: 3 }),
        ),
        directive: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          ...(directives as [fc.Arbitrary<unknown>]),
        ),
        textual: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.constantFrom('AbC', 'b.a.b', ''),
          tie('directive'),
        ),
        members: fc.dictionary(fc.constantFrom('a', 'b', 'p', '0', 'constructor'), tie('any'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      }
    },
  ).any
}

/** How many cases a property runs: a few thousand, or 100,000 in the long run. */
export const runs = (usual: number): { numRuns: number } => ({
  numRuns: process.env.WAYBILL_LONG ? 100_000 : usual,
})
