import type { FieldProblem } from '../../outcome'
import { typeName } from '../mapping/type-name'

/** Collects what is wrong with one payload; a list is made when the first problem appears. */
export class PayloadProblems {
  readonly list: FieldProblem[] = []

  wrongType(path: string, label: string, expected: string, value: unknown): void {
    const received = typeName(value)
    this.list.push({
      path,
      label,
      expected,
      received,
      message: sentence(path, label, `must be ${article(expected)} but it was ${article(received)}`),
    })
  }

  /** `rule` completes the sentence "the field must ...". */
  brokenRule(path: string, label: string, expected: string, value: unknown, rule: string): void {
    this.list.push({ path, label, expected, received: typeName(value), message: sentence(path, label, rule) })
  }

  missing(path: string, label: string): void {
    this.list.push({
      path,
      label,
      expected: 'required',
      received: 'missing',
      message: sentence(path, label, 'is required but it was missing'),
    })
  }
}

const sentence = (path: string, label: string, rest: string): string =>
  label === path ? `${path} ${rest}.` : `${label} (${path}) ${rest}.`

const article = (noun: string): string =>
  /^(null|missing|one of)/.test(noun) ? noun : `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
