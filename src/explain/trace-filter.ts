import { comparisons } from '../pipeline/filter/comparisons'
import type { Expression } from '../pipeline/filter/expression'
import { functions } from '../pipeline/filter/functions'
import { printSubscription } from '../pipeline/filter/print-subscription'
import { ownPathReader } from '../pipeline/own-path'

/** How one part of a filter came out on an event. */
export type FilterTrace = {
  readonly kind: 'and' | 'or' | 'not' | 'compare' | 'value'
  /** The part as a statement. */
  readonly text: string
  /** Absent where it did not matter any more. */
  readonly result?: boolean
  /** What the part read of the event: the path, or a function of it, and the value there; null where there is none. */
  readonly met?: readonly { readonly text: string; readonly value: unknown }[]
  readonly operands?: readonly FilterTrace[]
}

/**
 * Evaluates a parsed filter part by part. The results are those of the compiled filter.
 * @throws what a function of the filter throws on this event; the compiled filter then does not match.
 */
export function traceFilter(
  expression: Expression,
  event: unknown,
): FilterTrace & { readonly result: boolean } {
  const text = printSubscription(expression)
  switch (expression.kind) {
    case 'and':
    case 'or':
      return traceJunction(expression.kind, expression.operands, text, event)
    case 'not': {
      const operand = traceFilter(expression.operand, event)
      return { kind: 'not', text, result: !operand.result, operands: [operand] }
    }
    case 'compare': {
      const { operator, left, right } = expression
      const result = comparisons[operator](valueOn(left, event), valueOn(right, event))
      return { kind: 'compare', text, result, met: metBy([left, right], event) }
    }
    default: {
      const met = expression.kind === 'call' ? expression.arguments : [expression]
      return { kind: 'value', text, result: valueOn(expression, event) === true, met: metBy(met, event) }
    }
  }
}

/** Operands are tried in their order until one decides; the rest is not evaluated. */
function traceJunction(
  kind: 'and' | 'or',
  expressions: readonly Expression[],
  text: string,
  event: unknown,
): FilterTrace & { readonly result: boolean } {
  const decisive = kind === 'or'
  let isDecided = false
  const operands = expressions.map((expression): FilterTrace => {
    if (isDecided) return unevaluated(expression)
    const operand = traceFilter(expression, event)
    isDecided = operand.result === decisive
    return operand
  })
  return { kind, text, result: isDecided ? decisive : !decisive, operands }
}

const unevaluated = (expression: Expression): FilterTrace => ({
  kind:
    expression.kind === 'and' || expression.kind === 'or' || expression.kind === 'not'
      ? expression.kind
      : 'compare',
  text: printSubscription(expression),
})

/** The value of an expression that is an operand of another. */
function valueOn(expression: Expression, event: unknown): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'list':
      return expression.items
    case 'path':
      return ownPathReader(expression.keys)(event) ?? null
    case 'call':
      return functions[expression.name](...expression.arguments.map((argument) => valueOn(argument, event)))
    default:
      return traceFilter(expression, event).result
  }
}

/** The operands that depend on the event, and their values. */
const metBy = (expressions: readonly Expression[], event: unknown) =>
  expressions
    .filter(({ kind }) => kind === 'path' || kind === 'call')
    .map((expression) => ({ text: printSubscription(expression), value: valueOn(expression, event) }))
