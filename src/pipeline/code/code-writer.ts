type Lines = (string | Lines)[]

const joined = (lines: Lines): string =>
  lines.map((line) => (typeof line === 'string' ? line : joined(line))).join('\n')

/** A place in the source to which lines can be added after later ones have been written. */
export type Place = { line(text: string): void }

/**
 * Writes the source of one function. Values get into it in two ways only: as JSON text, or as constants that are handed
 * over when the function is made; no text of a configuration or an event is ever read as code.
 */
export class CodeWriter {
  private readonly lines: Lines = []
  private readonly definitions: string[] = []
  private readonly constants: unknown[] = []
  private readonly constantNames = new Map<unknown, string>()
  private names = 0

  /** A name that is used nowhere else. */
  name(): string {
    this.names += 1
    return `v${this.names}`
  }

  /** The name under which the function knows a value. */
  constant(value: unknown): string {
    const known = this.constantNames.get(value)
    if (known !== undefined) return known
    const name = `c${this.constants.length}`
    this.constants.push(value)
    this.constantNames.set(value, name)
    return name
  }

  /** The source of a value: a literal where one can stand for it, else the name of a constant. */
  literal(value: unknown): string {
    if (value === undefined) return 'undefined'
    const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean'
    return isPlain || (Number.isSafeInteger(value) && !Object.is(value, -0))
      ? JSON.stringify(value)
      : this.constant(value)
  }

  line(text: string): void {
    this.lines.push(text)
  }

  /** A variable that holds the value of an expression. */
  variable(expression: string): string {
    const name = this.name()
    this.line(`let ${name} = ${expression};`)
    return name
  }

  /** Everything that `body` writes, in braces. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`)
    body()
    this.line('}')
  }

  /** The place where the next line would stand. */
  place(): Place {
    const lines: Lines = []
    this.lines.push(lines)
    return { line: (text) => lines.push(text) }
  }

  /** Code that runs once, when the function is made. */
  define(text: string): void {
    this.definitions.push(text)
  }

  /** The function: what was written is its body. */
  build<Result>(parameter: string): Result {
    const body = joined(this.lines)
    const source = `"use strict";\n${this.definitions.join('\n')}\nreturn (${parameter}) => {\n${body}\n};`
    return new Function(...this.constantNames.values(), source)(...this.constants) as Result
  }
}
