import { CodeWriter } from './code/code-writer'
import { objectOf } from './code/object-of'
import { Scope } from './code/scope'
import { writeGuard } from './code/write-guard'
import { compileComplete, type FastPath, type FastPathParts, type Step } from './fast-path'
import { writeValue } from './mapping/code/write-value'
import { writeBailOut } from './payload/code/accepting'
import { writeRequired } from './payload/code/record'
import { writeAccepted } from './payload/code/write-accepted'

/**
 * The fast path as generated code: one function from the event to its payload. `closure` takes events that no JSON
 * can be.
 */
export function generateFastPath(parts: FastPathParts, steps: readonly Step[], closure: FastPath): FastPath {
  const { schema, standing, compatibility } = parts
  const writer = new CodeWriter()
  writeGuard(writer, `return ${writer.constant(closure)}(event);`, compatibility)
  const scope = new Scope(writer, 'event', { compatibility, isPlain: true, write: writeValue })
  const members = steps.map(
    ({ key, node, schema: member }) =>
      [key, writeAccepted(node, member, { ...standing, isRoot: true }, scope)] as const,
  )
  writeRequired(schema.required ?? [], members, scope)
  const payload = writer.variable(objectOf(members, writer))
  if (schema.allOf !== undefined) {
    const isComplete = writer.constant(compileComplete(schema, steps, standing))
    writer.line(`if (!${isComplete}(${payload}, event)) ${writeBailOut(writer)}`)
  }
  writer.line(`return ${payload};`)
  return writer.build('event')
}
