import { parseFql, validate } from '@segment/destination-subscriptions'
import * as fc from 'fast-check'
import { compileSubscription } from '../../../../src/pipeline/filter/compile-subscription'
import type { Expression } from '../../../../src/pipeline/filter/expression'
import { parseSubscription } from '../../../../src/pipeline/filter/parse-subscription'
import { printSubscription } from '../../../../src/pipeline/filter/print-subscription'
import { allForms } from '../forms'
import { expressionEvent, randomExpression } from './random-expression'

const clicked = {
  type: 'track',
  event: 'Button Clicked',
  context: { library: { name: 'analytics.js', version: '1.0' } },
  properties: { features: ['discounts', 'dark-mode'], price: 5, 'product 1': { price: 3 }, active: true },
}

/** The cases of the language's documentation. */
test.each([
  [`event = 'Button Clicked'`, true],
  [`context.path.path = '/login'`, false],
  [`type = 'identify' or type = 'track'`, true],
  [`match(context.library.version, '1.*')`, true],
  [`match(context.library.version, '2.*')`, false],
  [`type = 'track' and (event = 'Click' or match(event, 'Button *'))`, true],
  [`!contains(context.library.name, 'js')`, false],
  [`'dark-mode' in properties.features`, true],
  [`'blink' in properties.features`, false],
  [`!(type in ['track', 'identify'])`, false],
  [`match('abcd','a*d')`, true],
  [`match('','*')`, true],
  [`match('abcd','a??d')`, true],
  [`match('abcd','*d')`, true],
  [`match('ab*d','ab\\*d')`, true],
  [`match('abCd','ab[cC]d')`, true],
  [`match('abcd','ab[a-z]d')`, true],
  [`match('abc','ab')`, false],
  [`match('abcd','ab[A-Z]d')`, false],
  ['properties.product\\ 1.price < 4', true],
  ['properties.price >= 5 and properties.price <= 5', true],
  ['properties.price > "4" or properties.missing = null', 'error'],
  ['properties.missing = null', true],
  ['properties.missing != "x"', true],
  ['userId = null', true],
  ['length(properties.features) = 2', true],
  ["length('é') = 2", true],
  ["lowercase(event) = 'button clicked'", true],
  ["titlecase('test string') = 'Test String'", true],
  ["typeof(properties.features) = 'list'", true],
  ['properties.active', true],
  ['not type = "track"', false],
  ['constructor.name = "Object"', false],
  ['properties.__proto__ != null', false],
] as const)('%s is %s', (source, expected) => {
  if (expected === 'error') expect(() => compileSubscription(source)).toThrow('compares numbers')
  else for (const form of allForms) expect(compileSubscription(source, form)(clicked)).toBe(expected)
})

describe('F rows: right by default, as the reference in compatibility mode', () => {
  const a = { type: 'identify', event: 'A' }
  test.each([
    [
      'and binds tighter than or',
      'type = "track" and event = "B" or event = "A"',
      { ...a, event: 'B' },
      false,
      true,
    ],
    [
      'or after and',
      'event = "A" or type = "identify" and event = "Z"',
      { type: 'track', event: 'A' },
      true,
      false,
    ],
    [
      'a call inside a group',
      'type = "track" and (contains(event,"A") or event = "B")',
      { type: 'page', event: 'B' },
      false,
      true,
    ],
    [
      'a top-level field',
      'type = "track" and anonymousId = "nope"',
      { type: 'track', anonymousId: 'x' },
      false,
      true,
    ],
    ['a number equals a number', 'userId = 5', { userId: 5 }, true, false],
  ])('%s', (_name, source, event, right, reference) => {
    for (const form of allForms) expect(compileSubscription(source, form)(event as never)).toBe(right)
    expect(compileSubscription(source, { compatibility: true })(event as never)).toBe(reference)
    expect(validate(parseFql(source), event as never)).toBe(reference)
  })
})

test.each([
  ['', 'line 1, column 1: expected a field, a value, a function or "(", found the end'],
  ['type = "track" and', 'line 1, column 19'],
  ['type =\n"track" orr x', 'line 2, column 9: expected "and", "or" or the end, found "orr"'],
  ['foo(event)', 'unknown function foo; there are contains'],
  ['contains(event)', 'contains takes 2 arguments, got 1'],
  ['type = "track', 'a closing " is missing'],
  ['type', true],
  ['"track"', 'expected a condition'],
  ['!type = "track"', 'put what "!" negates in parentheses'],
  ['type in "track"', 'expected a list'],
  ['('.repeat(5000), 'groups go deeper than 200 levels'],
])('%j is refused with its place', (source, message) => {
  if (typeof message !== 'string') expect(compileSubscription(source)({})).toBe(false)
  else expect(() => compileSubscription(source, { path: 'filter' })).toThrow(message)
})

/** Random expressions, printed and read back, against a naive reading of the tree. */
function naive(node: Expression, root: unknown): unknown {
  if (node.kind === 'literal') return node.value
  if (node.kind === 'list') return node.items
  if (node.kind === 'path') {
    let value = root
    for (const key of node.keys) {
      const own =
        typeof value === 'object' && value !== null && Object.getOwnPropertyNames(value).includes(key)
      value = own ? (value as Record<string, unknown>)[key] : undefined
    }
    return value === undefined ? null : value
  }
  if (node.kind === 'not') return naive(node.operand, root) !== true
  if ('operands' in node) {
    const held = node.operands.filter((entry) => naive(entry, root) === true).length
    return node.kind === 'and' ? held === node.operands.length : held > 0
  }
  if (node.kind === 'call') throw new TypeError('not generated')
  const [left, right] = [naive(node.left, root), naive(node.right, root)]
  if (node.operator === 'in') return (right as unknown[]).indexOf(left) >= 0
  const bothObjects = typeof left === 'object' && left !== null && typeof right === 'object' && right !== null
  const same = bothObjects
    ? Array.isArray(left) && Array.isArray(right) && JSON.stringify(left) === JSON.stringify(right)
    : left === right
  return node.operator === '=' ? same : !same
}

const numRuns = process.env.WAYBILL_LONG ? 100_000 : 2_000

test('what is printed reads back as the same expression, and decides as a naive reading of it does', () => {
  fc.assert(
    fc.property(randomExpression, expressionEvent, (tree, root) => {
      const text = printSubscription(tree)
      expect(parseSubscription(text)).toEqual(tree)
      for (const form of allForms)
        expect(compileSubscription(text, form)(root as never)).toBe(naive(tree, root) === true)
    }),
    { numRuns },
  )
})
