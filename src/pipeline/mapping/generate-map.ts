import { CodeWriter } from '../code/code-writer'
import { Scope } from '../code/scope'
import { writeGuard } from '../code/write-guard'
import { writeValue } from './code/write-value'
import type { MappingNode } from './node'

type MapEvent = (event: unknown) => unknown

/** The mapping of one event as generated code. `closure` maps events that no JSON can be. */
export function generateMap(root: MappingNode, closure: MapEvent, compatibility: boolean): MapEvent {
  const writer = new CodeWriter()
  writeGuard(writer, `return ${writer.constant(closure)}(event);`, compatibility)
  const scope = new Scope(writer, 'event', { compatibility, isPlain: true, write: writeValue })
  writer.line(`return ${scope.value(root, 'produce')};`)
  return writer.build('event')
}
