import type { CodeWriter } from '../../code/code-writer'
import type { Scope } from '../../code/scope'
import type { MappingNode } from '../../mapping/node'
import { bailOut, compileAccept, type Standing } from '../accept'
import type { PayloadSchema } from '../payload-schema'

/**
 * Writes the code that maps a part and accepts its value, as `compileAccept` does. Gives what holds the value
 * (undefined: the payload gets nothing); the code returns `bailOut` where the fast path is not sure.
 */
export type WriteAccepted = (
  node: MappingNode,
  schema: PayloadSchema,
  standing: Standing,
  scope: Scope,
) => string

/** The statement that gives up the fast path. */
export const writeBailOut = (writer: CodeWriter): string => `return ${writer.constant(bailOut)};`

/** The statement that gives up the fast path where a variable holds bailOut. */
export const writeBailOutIf = (name: string, writer: CodeWriter): string =>
  `if (${name} === ${writer.constant(bailOut)}) ${writeBailOut(writer)}`

/** Accepts by the closure: for values whose look only the event decides. */
export function writeAcceptedValue(
  value: string,
  schema: PayloadSchema,
  standing: Standing,
  { writer }: Scope,
): string {
  const accept = writer.constant(compileAccept(schema, standing))
  const result = writer.variable(`${accept}(${value})`)
  writer.line(writeBailOutIf(result, writer))
  return result
}
