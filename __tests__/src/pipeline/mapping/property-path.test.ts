import * as fc from 'fast-check'
import { compileMapping } from '../../../../src/pipeline/mapping/compile-mapping'
import { compatiblePathKeys, pathKeys, pathMistake } from '../../../../src/pipeline/mapping/property-path'

test.each([
  ['a.b', ['a', 'b']],
  ['a[0].b', ['a', '0', 'b']],
  ["properties['a.b']", ['properties', 'a.b']],
  ['properties["Q1 [2024]"].c', ['properties', 'Q1 [2024]', 'c']],
  ["properties.O'Brien", ['properties', "O'Brien"]],
  ["properties['O\\'Brien']", ['properties', "O'Brien"]],
  ["a['b']['c d'][0]", ['a', 'b', 'c d', '0']],
  ['properties."plan name".x', ['properties', 'plan name', 'x']],
  ['a[b].c', ['a[b]', 'c']],
  ["a['']", ['a', '']],
  ['', []],
  ['.', []],
  ['..a..b..', ['a', 'b']],
  ["a['b", ["a['b"]],
  ["😀['😁.']", ['😀', '😁.']],
])('%s leads to %j', (path, keys) => {
  expect(pathKeys(path)).toEqual(keys)
})

test('paths of plain names are read as the reference reads them', () => {
  const name = fc.constantFrom('a', 'b c', 'x-1', '0', 'é')
  const step = fc.oneof(
    name.map((key) => `.${key}`),
    fc.nat(20).map((index) => `[${index}]`),
    name.map((key) => `['${key}']`),
  )
  fc.assert(
    fc.property(name, fc.array(step, { maxLength: 4 }), (first, steps) => {
      const path = `${first}${steps.join('')}`
      expect(pathKeys(path)).toEqual(compatiblePathKeys(path))
    }),
  )
})

test('any key can be written, in paths and in templates', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      fc.pre(!/[{}]/.test(key) && key !== '__proto__')
      const quoted = `['${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`
      expect(pathKeys(`properties${quoted}.x`)).toEqual(['properties', key, 'x'])
      const mapping = {
        path: { '@path': `$.properties${quoted}` },
        text: { '@template': `{{properties${quoted}}}` },
      }
      const event = { properties: Object.fromEntries([[key, 7]]) }
      expect(compileMapping(mapping).map(event)).toEqual({ path: 7, text: '7' })
    }),
  )
})

test.each(["$.properties['a.b", '$.a[0', '$.a["b]', '$.a[', "$.a['b].c"])('%s is a mistake', (path) => {
  expect(pathMistake(path)).toContain('not closed')
})

test.each(["$.properties['a [b']", 'a[b]', "O'Brien", "a['O\\'B']", '$.a[0].b'])('%s is none', (path) => {
  expect(pathMistake(path)).toBeUndefined()
})
