import { compileSubscription } from '../../../src/pipeline/filter/compile-subscription'
import { compileMapping } from '../../../src/pipeline/mapping/compile-mapping'
import { compilePreparation, InvalidPayload } from '../../../src/pipeline/prepare'

const modes = [{ compatibility: false }, { compatibility: true }]

/** `value` inside so many levels of what `wrap` makes. */
function nested(levels: number, value: unknown, wrap: (inner: unknown) => unknown): unknown {
  let result = value
  for (let level = 0; level < levels; level++) result = wrap(result)
  return result
}

const milliseconds = (run: () => unknown): number => {
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt
}

describe.each(modes)('mappings, %j', (mode) => {
  const choice = (inner: unknown) => ({
    '@if': { exists: { '@path': '$.a' }, then: inner, else: { '@path': '$.b' } },
  })

  test.each([
    ['@if', choice],
    [
      '@transform',
      (inner: unknown) => ({ '@transform': { apply: { a: inner }, mapping: { '@path': '$.a' } } }),
    ],
    ['@merge', (inner: unknown) => ({ '@merge': { direction: 'left', objects: [{ a: inner }] } })],
    ['@replace', (inner: unknown) => ({ '@replace': { pattern: 'a', value: inner } })],
    ['@case', (inner: unknown) => ({ '@case': { operator: 'lower', value: inner } })],
    ['@json', (inner: unknown) => ({ '@json': { mode: 'encode', value: inner } })],
    ['@flatten', (inner: unknown) => ({ '@flatten': { separator: '.', value: inner } })],
  ])('%s inside itself is compiled in a time that grows with the mapping', (_name, wrap) => {
    const compile = (levels: number) =>
      compileMapping({ out: nested(levels, { '@path': '$.a' }, wrap) }, mode)
    compile(5)
    // 2 to the power of 100 checks would never end.
    expect(milliseconds(() => compile(100))).toBeLessThan(1_000)
  })

  test('a mapping of 200 fields of objects is compiled at once', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `field${index}`,
        { inner: choice({ '@path': `$.p${index}` }) },
      ]),
    )
    expect(milliseconds(() => compileMapping(fields, mode))).toBeLessThan(1_000)
  })

  test.each([
    ['objects', (inner: unknown) => ({ a: inner })],
    ['lists', (inner: unknown) => [inner]],
    ['directives', choice],
  ])('%s nested 100,000 deep are refused by name', (_name, wrap) => {
    expect(() => compileMapping({ out: nested(100_000, 1, wrap) }, mode)).toThrow('at most 500 levels deep')
  })
})

describe.each(modes)('events, %j', (mode) => {
  const lists = nested(100_000, 1, (inner) => [inner])
  const objects = nested(100_000, 1, (inner) => ({ a: inner }))
  const event = { type: 'track', lists, objects, properties: { lists } }
  const fields = {
    value: { label: 'Value', description: '', type: 'object' },
    text: { label: 'Text', description: '', type: 'string' },
  }
  const prepare = (mapping: object) => {
    const { prepare } = compilePreparation({ ...mode, fields, mapping })
    try {
      const payload = prepare(event)
      return payload instanceof InvalidPayload ? payload.message : payload
    } catch (error) {
      return (error as Error).message
    }
  }

  test.each([
    ['@path', { value: { '@path': '$.objects' } }],
    ['the whole event', { value: { '@path': '$.' } }],
    ['a member', { value: { inner: { '@path': '$.lists' } } }],
    ['@flatten', { value: { '@flatten': { separator: '.', value: { '@path': '$.objects' } } } }],
    ['@excludeWhenNull', { value: { '@excludeWhenNull': { '@path': '$.objects' } } }],
    ['@json', { text: { '@json': { mode: 'encode', value: { '@path': '$.objects' } } } }],
    ['@merge', { value: { '@merge': { direction: 'left', objects: [{ '@path': '$.objects' }] } } }],
    ['@liquid', { text: { '@liquid': '{{ lists }}' } }],
  ])('%s of a value nested 100,000 deep makes the payload invalid, and names the limit', (_name, mapping) => {
    expect(prepare(mapping)).toContain('nests deeper than 1000 levels')
  })

  test('what is not mapped does no harm', () => {
    expect(prepare({ text: { '@path': '$.type' } })).toEqual({ text: 'track' })
  })

  test('a filter that reads it goes on', () => {
    const filter = compileSubscription('properties.lists = properties.lists or type = "track"', mode)
    expect(filter(event as never)).toBe(true)
  })
})

test('the field that cannot be mapped is named', () => {
  const fields = { value: { label: 'Value', description: '', type: 'object' } }
  const { prepare } = compilePreparation({ fields, mapping: { value: { '@path': '$.a' } } })
  expect(prepare({ a: nested(2_000, 1, (inner) => [inner]) })).toMatchObject({
    fields: [{ path: 'value', message: expect.stringContaining('1000 levels') }],
  })
})

describe.each(modes)('templates, %j', (mode) => {
  const render = (template: unknown, event: object) =>
    (compileMapping({ out: template }, mode).map(event) as { out: unknown }).out

  test('a text of the event full of braces takes no longer than reading it', () => {
    const text = '{'.repeat(200_000)
    const template = { '@template': { '@path': '$.text' } }
    expect(milliseconds(() => render(template, { text: `${text}a` }))).toBeLessThan(1_000)
    expect(render(template, { text: `${text}a` })).toBe(`${text}a`)
  })

  test.each(['{{ (1..100000000) | size }}', '{{ (1..n) | size }}', '{% assign a = (n..1) %}{{ (a..n) }}'])(
    '%s is held to the limits of Liquid',
    (text) => {
      expect(
        milliseconds(() => expect(() => render({ '@liquid': text }, { n: 90_000_000 })).toThrow()),
      ).toBeLessThan(1_000)
    },
  )

  test('a small range is rendered', () => {
    expect(render({ '@liquid': '{{ (1..3) | join: "-" }}' }, {})).toBe('1-2-3')
  })
})
