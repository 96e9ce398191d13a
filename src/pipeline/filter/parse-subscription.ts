import {
  type Comparator,
  type Expression,
  type FunctionName,
  functionArity,
  type Literal,
} from './expression'
import { subscriptionError } from './subscription-error'
import { type Token, tokenize } from './tokenize'

const comparators = new Set(['=', '!=', '<', '<=', '>', '>='])
const maxDepth = 200

const isKeyword = (token: Token, word: string): boolean =>
  token.kind === 'word' && token.text.toLowerCase() === word

type ParseOptions = {
  /** Where the filter stands in the configuration, for messages. */
  readonly path?: string
  /** Told of each word without quotes that is read as a text. */
  readonly onUnquoted?: (word: string) => void
}

/** Fields of an event that hold others: a path into one of them is no text, wherever it stands. */
const holders = new Set(['properties', 'traits', 'context', 'integrations'])

/**
 * Parses an FQL statement: `or` binds loosest, then `and`, then `not`; parentheses group to any sensible depth.
 * Keywords may be written in any case, since documented examples do. A word to the right of a comparison is a text that
 * lacks its quotes (`type = track`), as the reference reads it; a field that stands there is put in parentheses.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with line, column and what was expected.
 */
export function parseSubscription(source: string, options: ParseOptions = {}): Expression {
  const tokens = tokenize(source, options.path)
  let next = 0
  let depth = 0

  const peek = (): Token => tokens[next] as Token
  const take = (): Token => tokens[next++] as Token
  const fail = (token: Token, expectation: string): never => {
    const found = token.kind === 'end' ? 'the end' : JSON.stringify(token.text)
    throw subscriptionError(source, token.position, `expected ${expectation}, found ${found}`, options.path)
  }
  const refuse = (token: Token, message: string): never => {
    throw subscriptionError(source, token.position, message, options.path)
  }
  const isSymbol = (text: string): boolean => peek().kind === 'symbol' && peek().text === text
  const expectSymbol = (text: string): void => {
    if (!isSymbol(text)) fail(peek(), `"${text}"`)
    take()
  }
  const nested = <Result>(parse: () => Result): Result => {
    depth += 1
    if (depth > maxDepth) refuse(peek(), `groups go deeper than ${maxDepth} levels`)
    const result = parse()
    depth -= 1
    return result
  }

  function joined(kind: 'or' | 'and', parseOperand: () => Expression): Expression {
    const start = peek()
    const first = parseOperand()
    if (!isKeyword(peek(), kind)) return first
    const operands = [truth(first, start)]
    while (isKeyword(peek(), kind)) {
      take()
      const operandStart = peek()
      operands.push(truth(parseOperand(), operandStart))
    }
    return { kind, operands }
  }

  const parseOr = (): Expression => joined('or', parseAnd)
  const parseAnd = (): Expression => joined('and', parseNot)

  function parseNot(): Expression {
    if (isKeyword(peek(), 'not')) {
      take()
      const start = peek()
      return { kind: 'not', operand: truth(nested(parseNot), start) }
    }
    return parseComparison()
  }

  function parseComparison(): Expression {
    const start = peek()
    const left = parseOperand()
    const operator = comparatorAhead()
    if (operator === undefined) return left
    if (left.kind === 'not') refuse(start, 'put what "!" negates in parentheses: !(a = b)')
    take()
    const rightStart = peek()
    const right = quoted(parseOperand(), rightStart, left)
    checkComparison(operator, left, right, rightStart)
    return { kind: 'compare', operator, left, right }
  }

  /** What stands to the right of `left`: a word alone is a text. */
  function quoted(right: Expression, start: Token, left: Expression): Expression {
    const isField = left.kind === 'path' || left.kind === 'call'
    if (right.kind !== 'path' || start.kind !== 'word' || !isField || isPathAlone(right.keys)) return right
    const value = right.keys.join('.')
    options.onUnquoted?.(value)
    return { kind: 'literal', value }
  }

  function comparatorAhead(): Comparator | undefined {
    const token = peek()
    if (token.kind === 'symbol' && comparators.has(token.text)) return token.text as Comparator
    return isKeyword(token, 'in') ? 'in' : undefined
  }

  function checkComparison(operator: Comparator, left: Expression, right: Expression, at: Token): void {
    if (operator === 'in' && right.kind !== 'list' && right.kind !== 'path')
      refuse(at, 'expected a list such as ["a", "b"], or a field that holds one, after "in"')
    if (!['<', '<=', '>', '>='].includes(operator)) return
    for (const side of [left, right])
      if (side.kind === 'list' || (side.kind === 'literal' && typeof side.value !== 'number'))
        refuse(at, `"${operator}" compares numbers`)
  }

  function parseOperand(): Expression {
    const token = take()
    if (token.kind === 'string') return { kind: 'literal', value: token.text }
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'word') return parseWord(token)
    if (token.kind === 'symbol' && token.text === '(') return parseGroup()
    if (token.kind === 'symbol' && token.text === '[') return { kind: 'list', items: parseItems() }
    if (token.kind === 'symbol' && token.text === '!') {
      const start = peek()
      return { kind: 'not', operand: truth(nested(parseOperand), start) }
    }
    return fail(token, 'a field, a value, a function or "("')
  }

  function parseGroup(): Expression {
    const inner = nested(parseOr)
    expectSymbol(')')
    return inner
  }

  function parseWord(token: Token): Expression {
    if (isSymbol('(')) return parseCall(token)
    const literal = literalOf(token)
    if (literal !== undefined) return { kind: 'literal', value: literal }
    if (['and', 'or', 'not', 'in'].some((word) => isKeyword(token, word)))
      fail(token, 'a field, a value or a function')
    return { kind: 'path', keys: token.keys }
  }

  function parseCall(token: Token): Expression {
    if (!Object.hasOwn(functionArity, token.text))
      refuse(token, `unknown function ${token.text}; there are ${Object.keys(functionArity).join(', ')}`)
    const name = token.text as FunctionName
    take()
    const parameters: Expression[] = []
    while (!isSymbol(')')) {
      if (parameters.length > 0) expectSymbol(',')
      const start = peek()
      const parameter = nested(parseOr)
      const [first] = parameters
      parameters.push(first === undefined ? parameter : quoted(parameter, start, first))
    }
    take()
    const arity = functionArity[name]
    if (parameters.length !== arity)
      refuse(token, `${name} takes ${arity} argument${arity === 1 ? '' : 's'}, got ${parameters.length}`)
    return { kind: 'call', name, arguments: parameters }
  }

  function parseItems(): Literal[] {
    const items: Literal[] = []
    while (!isSymbol(']')) {
      if (items.length > 0) expectSymbol(',')
      const token = take()
      if (token.kind === 'string') items.push(token.text)
      else if (token.kind === 'number') items.push(Number(token.text))
      else items.push(literalOf(token) ?? (token.text === 'null' ? null : fail(token, 'a value of the list')))
    }
    take()
    return items
  }

  /** Where a yes or no is needed, a text, number or list is a mistake. */
  function truth(expression: Expression, start: Token): Expression {
    const isNoTruth =
      expression.kind === 'list' ||
      (expression.kind === 'literal' && typeof expression.value !== 'boolean' && expression.value !== null) ||
      (expression.kind === 'call' && !['contains', 'match', 'bool'].includes(expression.name))
    return isNoTruth ? refuse(start, 'expected a condition, such as type = "track"') : expression
  }

  const start = peek()
  const expression = truth(parseOr(), start)
  if (peek().kind !== 'end') fail(peek(), '"and", "or" or the end')
  return expression
}

/** Whether a path leads into a part of the event, and so is no text. */
export const isPathAlone = ([first = '', ...others]: readonly string[]): boolean =>
  others.length > 0 && holders.has(first)

function literalOf(token: Token): Literal | undefined {
  if (token.kind !== 'word') return undefined
  if (token.text === 'true') return true
  if (token.text === 'false') return false
  return token.text === 'null' ? null : undefined
}
