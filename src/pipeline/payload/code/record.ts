import { objectOf } from '../../code/object-of'
import type { Scope } from '../../code/scope'
import type { MappingNode } from '../../mapping/node'
import { compileRule, type Standing } from '../accept'
import { type PayloadSchema, propertySchema } from '../payload-schema'
import { type WriteAccepted, writeAcceptedValue, writeBailOut } from './accepting'

/** An object whose properties the mapping names is accepted property by property, without ever being made unaccepted. */
export function writeAcceptedRecord(
  node: MappingNode,
  schema: PayloadSchema,
  standing: Standing,
  scope: Scope,
  write: WriteAccepted,
): string {
  if (node.kind !== 'record' || compileRule(schema) !== undefined)
    return writeAcceptedValue(scope.value(node, 'resolve'), schema, standing, scope)
  if (schema.properties === undefined) return scope.value(node, 'produce')
  const { writer } = scope
  const keepsOthers = schema.additionalProperties !== false
  const members: [string, string][] = []
  for (const [key, entry] of node.entries) {
    const member = propertySchema(schema, key)
    if (member !== undefined) members.push([key, write(entry, member, { ...standing, isRoot: false }, scope)])
    else if (keepsOthers) members.push([key, scope.value(entry, 'produce')])
    else if (entry.canThrow) scope.value(entry, 'resolve')
  }
  writeRequired(schema.required ?? [], members, scope)
  return writer.variable(objectOf(members, writer))
}

/** Leaves where a required property is missing. */
export function writeRequired(
  required: readonly string[],
  members: readonly (readonly [key: string, value: string])[],
  { writer }: Scope,
): void {
  const values = new Map(members)
  for (const key of required)
    writer.line(`if (${values.get(key) ?? 'undefined'} === undefined) ${writeBailOut(writer)}`)
}
