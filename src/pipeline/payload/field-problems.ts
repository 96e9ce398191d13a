import type { FieldProblem } from '../../outcome'
import { typeName } from '../mapping/type-name'
import type { SchemaError } from './check-payload'
import { type PayloadSchema, propertySchema } from './payload-schema'

/** What the broken rules mean for a person: one problem per field, the first. Holds no value of the event. */
export function fieldProblems(errors: readonly SchemaError[], schema: PayloadSchema): FieldProblem[] {
  const byPath = new Map<string, FieldProblem>()
  for (const error of errors) {
    if (error.keyword === 'if') continue
    const problem = problemOf(error, schema)
    if (!byPath.has(problem.path)) byPath.set(problem.path, problem)
  }
  return [...byPath.values()]
}

function problemOf(error: SchemaError, schema: PayloadSchema): FieldProblem {
  const keys = error.instancePath.split('/').slice(1).map(unescaped)
  if (error.keyword === 'required') keys.push(String(error.params.missingProperty))
  const path = keys.reduce(appended, '')
  const label = labelOf(keys, schema)
  if (error.keyword === 'required')
    return problem(path, label, 'required', 'missing', 'is required but it was missing')
  const received = receivedType(error.data)
  if (error.keyword === 'type') {
    const expected = [error.params.type].flat().join(' or ')
    const rule = `must be ${withArticle(expected)} but it was ${withArticle(received)}`
    return problem(path, label, expected, received, rule)
  }
  const expected = expectation(error)
  const rule =
    error.keyword === 'format' ? `must be a valid ${validExample(expected)}` : `must be ${expected}`
  return problem(path, label, expected, received, rule)
}

/** A problem as a person reads it. `rule` completes a sentence that begins with the field. */
export const problem = (
  path: string,
  label: string,
  expected: string,
  received: string,
  rule: string,
): FieldProblem => ({
  path,
  label,
  expected,
  received,
  message: `${label === path || path === '' ? label : `${label} (${path})`} ${rule}.`,
})

function expectation({ keyword, params }: SchemaError): string {
  switch (keyword) {
    case 'enum':
      return `one of ${(params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    case 'format':
      return params.format === 'date-like' ? 'datetime' : String(params.format)
    case 'minimum':
      return `at least ${params.limit}`
    case 'maximum':
      return `at most ${params.limit}`
    case 'minLength':
      return `at least ${params.limit} characters`
    case 'maxLength':
      return `at most ${params.limit} characters`
    default:
      return `as its definition says (${keyword})`
  }
}

const validExample = (format: string): string =>
  format === 'datetime' ? 'date, such as 2024-05-01T10:00:00Z' : format

const receivedType = (value: unknown): string => (value === undefined ? 'missing' : typeName(value))

const withArticle = (noun: string): string =>
  noun === 'null' || noun === 'missing' ? noun : `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

const appended = (path: string, key: string): string => {
  if (/^\d+$/.test(key)) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

/** The label of the field, or of the list or object around it that has one; else its key. */
function labelOf(keys: readonly string[], schema: PayloadSchema): string {
  let current: PayloadSchema | undefined = schema
  let label: string | undefined
  for (const key of keys) {
    const isItem: boolean = current?.items !== undefined && /^\d+$/.test(key)
    current = isItem ? current?.items : current && propertySchema(current, key)
    label = current?.title ?? (isItem ? label : undefined)
  }
  return label ?? keys.at(-1) ?? 'The payload'
}
