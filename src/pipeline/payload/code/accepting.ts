import type { CodeWriter } from '../../code/code-writer'
import type { Scope } from '../../code/scope'
import type { MappingNode } from '../../mapping/node'
import { compileAccept, doubt, type Standing } from '../accept'
import type { PayloadSchema } from '../payload-schema'

/**
 * Writes the code that maps a part and accepts its value, as `compileAccept` does. Gives what holds the value
 * (undefined: the payload gets nothing); the code returns `doubt` where the short way is not sure.
 */
export type WriteAccepted = (
  node: MappingNode,
  schema: PayloadSchema,
  standing: Standing,
  scope: Scope,
) => string

/** The statement that gives up the short way. */
export const leaveInDoubt = (writer: CodeWriter): string => `return ${writer.constant(doubt)};`

/** The statement that gives up the short way where a variable holds doubt. */
export const leaveIfDoubtful = (name: string, writer: CodeWriter): string =>
  `if (${name} === ${writer.constant(doubt)}) ${leaveInDoubt(writer)}`

/** Accepts by the closure: for values whose look only the event decides. */
export function writeAcceptedValue(
  value: string,
  schema: PayloadSchema,
  standing: Standing,
  { writer }: Scope,
): string {
  const accept = writer.constant(compileAccept(schema, standing))
  const result = writer.variable(`${accept}(${value})`)
  writer.line(leaveIfDoubtful(result, writer))
  return result
}
