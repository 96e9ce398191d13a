import * as fc from 'fast-check'
import type { Expression } from '../../../../src/pipeline/filter/expression'

const literal = fc.oneof(
  fc.constantFrom('a', 'b', 'track', '', 'it"s', 'ünï'),
  fc.integer({ min: -3, max: 3 }),
  fc.boolean(),
  fc.constant(null),
)
const pathKeys = fc.array(fc.constantFrom('type', 'properties', 'x y', 'a', 'constructor', '1'), {
  minLength: 1,
  maxLength: 3,
})
const operand: fc.Arbitrary<Expression> = fc.oneof(
  literal.map((value): Expression => ({ kind: 'literal', value })),
  pathKeys.map((keys): Expression => ({ kind: 'path', keys })),
)
const comparison: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .tuple(fc.constantFrom('=' as const, '!=' as const), operand, operand)
    .map(([operator, left, right]): Expression => ({ kind: 'compare', operator, left, right })),
  fc.tuple(operand, fc.array(literal, { maxLength: 3 })).map(
    ([left, items]): Expression => ({
      kind: 'compare',
      operator: 'in',
      left,
      right: { kind: 'list', items },
    }),
  ),
  pathKeys.map((keys): Expression => ({ kind: 'path', keys })),
)
const { expression } = fc.letrec<{ expression: Expression; joined: Expression }>((tie) => ({
  joined: fc
    .tuple(
      fc.constantFrom('and' as const, 'or' as const),
      fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
    )
    .map(
      ([kind, operands]): Expression => ({
        kind,
        // The parser joins a chain of one kind into one list.
        operands: operands.flatMap((entry) =>
          (entry.kind === 'and' || entry.kind === 'or') && entry.kind === kind ? entry.operands : [entry],
        ),
      }),
    ),
  expression: fc.oneof(
    { depthSize: 'small' },
    comparison,
    tie('joined'),
    tie('expression').map((entry): Expression => ({ kind: 'not', operand: entry })),
  ),
}))

/** Any expression without functions. */
export const randomExpression = expression

const eventValue = fc.oneof(literal, fc.constant(undefined), fc.constant(['a', 1]))
/** An event with the members that random expressions read. */
export const expressionEvent = fc.record({
  type: eventValue,
  a: eventValue,
  'x y': eventValue,
  properties: fc.oneof(eventValue, fc.record({ a: eventValue, type: eventValue, 'x y': eventValue })),
})
