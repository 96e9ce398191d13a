import { CodeWriter, type Place } from '../code/code-writer'
import { isRiskyKey, ownProperty } from '../own-path'
import { comparisons } from './comparisons'
import type { Comparator, Expression } from './expression'
import { functions } from './functions'
import { globTest } from './glob'

type Test = (event: unknown) => boolean

const nothing: unknown = Object.freeze(Object.create(null))

/**
 * A filter as generated code: one expression, each part of which is what `compileTest` makes of it. `onError` is told of
 * a failure on an event, which then does not match.
 */
export function generateTest(expression: Expression, onError: (error: unknown) => void): Test {
  const writer = new CodeWriter()
  writer.line(
    `const root = typeof event === "object" && event !== null ? event : ${writer.constant(nothing)};`,
  )
  const code = new FilterCode(writer, writer.place())
  writer.block('try', () => writer.line(`return ${code.condition(expression)};`))
  writer.block('catch (error)', () => writer.line(`${writer.constant(onError)}(error); return false;`))
  return writer.build('event')
}

type Literal = Extract<Expression, { kind: 'literal' }>

const isLiteral = (expression: Expression | undefined): expression is Literal =>
  expression?.kind === 'literal'

/** Most items of a list that are compared one by one. */
const longestChain = 8

/** Writes expressions; all of them may be put between parentheses. */
class FilterCode {
  constructor(
    private readonly writer: CodeWriter,
    /** Where variables are declared. */
    private readonly variables: Place,
  ) {}

  condition(expression: Expression): string {
    switch (expression.kind) {
      case 'and':
        return this.joined(expression.operands, '&&')
      case 'or':
        return this.joined(expression.operands, '||')
      case 'not':
        return `!(${this.condition(expression.operand)})`
      case 'compare':
        return this.comparison(expression.operator, expression.left, expression.right)
      case 'call': {
        const test = this.test(expression)
        if (test !== undefined) return test
      }
    }
    return `${this.value(expression)} === true`
  }

  private joined(operands: readonly Expression[], operator: string): string {
    return operands.map((operand) => `(${this.condition(operand)})`).join(` ${operator} `)
  }

  private value(expression: Expression): string {
    switch (expression.kind) {
      case 'literal':
        return this.writer.literal(expression.value)
      case 'list':
        return this.writer.constant(expression.items)
      case 'path':
        return `(${this.member(expression.keys)} ?? null)`
      case 'call': {
        const given = expression.arguments.map((argument) => this.value(argument))
        return `${this.writer.constant(functions[expression.name])}(${given.join(', ')})`
      }
      default:
        return `(${this.condition(expression)})`
    }
  }

  /** What a path leads to: undefined where there is nothing. */
  private member(keys: readonly string[]): string {
    const key = keys.at(-1)
    if (key === undefined) return 'event'
    const quoted = JSON.stringify(key)
    if (keys.length === 1)
      return isRiskyKey(key) ? `${this.writer.constant(ownProperty)}(root, ${quoted})` : `root[${quoted}]`
    const holder = this.member(keys.slice(0, -1))
    if (isRiskyKey(key)) return `${this.writer.constant(ownProperty)}(${holder}, ${quoted})`
    const name = this.variable()
    return `(typeof (${name} = ${holder}) === "object" && ${name} !== null ? ${name}[${quoted}] : undefined)`
  }

  private comparison(operator: Comparator, left: Expression, right: Expression): string {
    const isNegative = operator === '!='
    if ((operator === '=' || isNegative) && isLiteral(right))
      return `${this.compared(left, right)} ${isNegative ? '!==' : '==='} ${this.value(right)}`
    if (operator === 'in' && right.kind === 'list') return this.membership(this.value(left), right.items)
    const compare = this.writer.constant(comparisons[operator])
    return `${compare}(${this.value(left)}, ${this.value(right)})`
  }

  /** A value for a comparison: what is missing equals no literal but null, so only then it has to become null. */
  private compared(expression: Expression, { value }: Literal): string {
    return expression.kind === 'path' && value !== null
      ? this.member(expression.keys)
      : this.value(expression)
  }

  private membership(value: string, items: readonly Literal['value'][]): string {
    if (items.length === 0 || items.length > longestChain)
      return `${this.writer.constant(new Set(items))}.has(${value})`
    const name = this.variable()
    const tests = items.map((item) => `${name} === ${this.writer.literal(item)}`)
    return `(${name} = ${value}, ${tests.join(' || ')})`
  }

  /** Calls that search a text for a constant one; undefined for any other. */
  private test({ name, arguments: given }: Extract<Expression, { kind: 'call' }>): string | undefined {
    const [text, part] = given
    if (text === undefined || !isLiteral(part) || typeof part.value !== 'string') return undefined
    if (name !== 'match' && name !== 'contains') return undefined
    const variable = this.variable()
    const test =
      name === 'match'
        ? `${this.writer.constant(globTest(part.value))}(${variable})`
        : `${variable}.indexOf(${this.writer.literal(part.value)}) >= 0`
    return `typeof (${variable} = ${this.compared(text, part)}) === "string" && ${test}`
  }

  private variable(): string {
    const name = this.writer.name()
    this.variables.line(`let ${name};`)
    return name
  }
}
