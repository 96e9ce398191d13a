import * as fc from 'fast-check'
import { compileSubscription } from '../../../../src/pipeline/filter/compile-subscription'
import { globTest, matchesReadPattern } from '../../../../src/pipeline/filter/glob'
import { allForms } from '../forms'

/** The same by trying every way: slow, and obviously right. */
function slowMatch(text: readonly string[], pattern: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first === '*') return slowMatch(text, rest) || (text.length > 0 && slowMatch(text.slice(1), pattern))
  const end = first === '[' ? pattern.indexOf(']', 2) : -1
  const [character, ...others] = text
  if (character === undefined) return false
  if (end > 0) return pattern.slice(1, end).includes(character) && slowMatch(others, pattern.slice(end + 1))
  return (first === '?' || first === character) && slowMatch(others, rest)
}

const letters = fc.constantFrom('a', 'b', '/', '😀', '.')
const pattern = fc.array(fc.oneof(letters, fc.constantFrom('*', '*', '?', '[', ']')), { maxLength: 8 })

test('a pattern matches what trying every way matches', () => {
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), pattern, (text, given) => {
      expect(globTest(given.join(''))(text.join(''))).toBe(slowMatch(text, given))
    }),
    { numRuns: process.env.WAYBILL_LONG ? 100_000 : 3_000 },
  )
})

test.each([
  ['*/*/*/*.html', '/'.repeat(200_000)],
  ['*a*a*a*a*b', 'a'.repeat(200_000)],
  ['*?*?*?*b', 'a'.repeat(50_000)],
  ['*[ab]*[ab]*[ab]c', 'a'.repeat(50_000)],
  ['a*b', 'a'.repeat(200_000)],
])('%s on a long text takes no longer than reading it', (glob, text) => {
  const matches = globTest(glob)
  matches(text.slice(0, 2_000))
  const startedAt = performance.now()
  expect(matches(text)).toBe(false)
  // Trying every way would take hours; the bound leaves room for a busy machine.
  expect(performance.now() - startedAt).toBeLessThan(500)
})

test('a pattern that comes with the event is bounded, a pattern of the filter is not', () => {
  const long = 'a'.repeat(2_000)
  expect(globTest(`${long}*`)(`${long}b`)).toBe(true)
  expect(matchesReadPattern(`${long}b`, `${long}*`)).toBe(false)
  expect(matchesReadPattern('ab', 'a*')).toBe(true)
})

test.each([
  ['properties.\\😀 = 1', { properties: { '😀': 1 } }],
  ['properties.a\\😀b = "😀"', { properties: { 'a😀b': '😀' } }],
  ['match(event, "😀?")', { event: '😀😁' }],
  ['match(event, "[😀-😂]*")', { event: '😁 hello' }],
  ['length(event) = 4', { event: '😀' }],
])('%s reads characters outside the basic plane', (filter, event) => {
  for (const form of allForms) expect(compileSubscription(filter, form)(event as never)).toBe(true)
})

test('a message shows the whole character that has to be escaped', () => {
  expect(() => compileSubscription('properties.😀 = 1')).toThrow('unexpected "😀"')
})
