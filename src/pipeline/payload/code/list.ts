import type { Scope } from '../../code/scope'
import { writeItems } from '../../mapping/code/each'
import type { MappingNode } from '../../mapping/node'
import { compileAccept, type Standing } from '../accept'
import { type PayloadSchema, typesOf } from '../payload-schema'
import { type WriteAccepted, writeAcceptedValue, writeBailOut, writeBailOutIf } from './accepting'

/** A list of objects that are mapped one by one is accepted in the same loop. */
export function writeAcceptedList(
  node: MappingNode,
  schema: PayloadSchema,
  standing: Standing,
  scope: Scope,
  write: WriteAccepted,
): string {
  const { items } = schema
  if (node.kind !== 'each' || node.shape.kind !== 'record' || items === undefined || !isOfObjects(items))
    return writeAcceptedValue(scope.value(node, 'resolve'), schema, standing, scope)
  const { writer } = scope
  const accept = writer.constant(compileAccept(schema, standing))
  const result = writeItems(node, scope, {
    write: (shape, inner) => write(shape, items, { isRoot: false, isCleaned: false }, inner),
    otherwise: (found) => `${accept}(${found})`,
    onGap: () => writeBailOut(writer),
  })
  writer.line(writeBailOutIf(result, writer))
  return result
}

const isOfObjects = (items: PayloadSchema): boolean => {
  const types = typesOf(items)
  return types.includes('object') && !types.includes('array')
}
