import type { Expression, Literal } from './expression'
import { isPathAlone } from './parse-subscription'

/** Prints a statement; parsing the result gives the same expression. */
export function printSubscription(expression: Expression): string {
  switch (expression.kind) {
    case 'or':
      return expression.operands.map((operand) => grouped(operand, ['or'])).join(' or ')
    case 'and':
      return expression.operands.map((operand) => grouped(operand, ['or', 'and'])).join(' and ')
    case 'not':
      return `!${needsNoGroup(expression.operand) ? printSubscription(expression.operand) : `(${printSubscription(expression.operand)})`}`
    case 'compare':
      return `${operandText(expression.left)} ${expression.operator} ${rightText(expression.right)}`
    case 'call':
      return `${expression.name}(${expression.arguments.map((each, index) => (index === 0 ? printSubscription(each) : rightText(each))).join(', ')})`
    case 'path':
      return expression.keys.map(printKey).join('.')
    case 'literal':
      return printLiteral(expression.value)
    case 'list':
      return `[${expression.items.map(printLiteral).join(', ')}]`
  }
}

const needsNoGroup = ({ kind }: Expression): boolean => kind === 'call' || kind === 'path'

const grouped = (expression: Expression, kinds: readonly string[]): string =>
  kinds.includes(expression.kind) ? `(${printSubscription(expression)})` : printSubscription(expression)

const operandText = (expression: Expression): string => grouped(expression, ['or', 'and', 'not', 'compare'])

/** A field to the right is put in parentheses where a word would be read as a text. */
const rightText = (expression: Expression): string =>
  expression.kind === 'path' && !isPathAlone(expression.keys)
    ? `(${printSubscription(expression)})`
    : operandText(expression)

/** Words that would be read as something else. */
const taken = /^(?:and|or|not|in)$|^(?:true|false|null)$/i

function printKey(key: string, index: number, keys: readonly string[]): string {
  const escaped = key.replace(/[^A-Za-z0-9_-]/gu, '\\$&')
  const first = escaped[0] ?? ''
  const needsEscape = index === 0 && (/[0-9-]/.test(first) || (keys.length === 1 && taken.test(key)))
  return needsEscape ? `\\${escaped}` : escaped
}

function printLiteral(value: Literal): string {
  if (typeof value !== 'string') return String(value)
  const quote = value.includes('"') && !value.includes("'") ? "'" : '"'
  return `${quote}${value.replaceAll(quote, `\\${quote}`)}${quote}`
}
