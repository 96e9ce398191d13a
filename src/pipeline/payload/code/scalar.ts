import type { Scope } from '../../code/scope'
import { compileAccept, compileRule, type Standing } from '../accept'
import { type PayloadSchema, typesOf } from '../payload-schema'
import { writeBailOut, writeBailOutIf } from './accepting'

/** Whether a value is taken as it is, whatever the standing: told inline, without a call. */
const isTaken: Readonly<Record<string, (value: string) => string>> = {
  string: (value) => `typeof ${value} === "string" && ${value} !== ""`,
  // Infinity and NaN are no numbers: less themselves they are not 0.
  number: (value) => `typeof ${value} === "number" && ${value} - ${value} === 0`,
  integer: (value) => `Number.isInteger(${value})`,
  boolean: (value) => `typeof ${value} === "boolean"`,
  'string,number': (value) =>
    `typeof ${value} === "string" ? ${value} !== "" : typeof ${value} === "number" && ${value} - ${value} === 0`,
}

/** A value that has its type already is checked by its rules alone; any other one is left to the closure. */
export function writeAcceptedScalar(
  value: string,
  schema: PayloadSchema,
  standing: Standing,
  { writer }: Scope,
): string {
  const kind = typesOf(schema)
    .filter((type) => type !== 'null')
    .join(',')
  const accept = writer.constant(compileAccept(schema, standing))
  const result = writer.variable(value)
  const test = Object.hasOwn(isTaken, kind) ? isTaken[kind] : undefined
  const toClosure = `${result} = ${accept}(${result}); ${writeBailOutIf(result, writer)}`
  if (test === undefined) {
    writer.line(toClosure)
    return result
  }
  const rule = compileRule(schema)
  writer.block(`if (${test(result)})`, () => {
    if (rule !== undefined) writer.line(`if (!${writer.constant(rule)}(${result})) ${writeBailOut(writer)}`)
  })
  writer.block(`else if (${result} !== undefined)`, () => writer.line(toClosure))
  return result
}
