import type { MappingNode } from './node'
import { isObject } from './type-name'

/** What reading a part of a mapping needs. */
export type Scope = {
  readonly compatibility: boolean
  /** Reads a nested part. */
  parse(value: unknown): MappingNode
  /** Reads a whole mapping that stands inside another one. */
  parseWhole(mapping: unknown): MappingNode
}

/** Reads the value of one directive. The mapping has been checked, but for what compatibility leaves unchecked. */
export type ParseDirective = (value: unknown, scope: Scope) => MappingNode

/** An object with one key that starts with `@`, and perhaps `_metadata`. */
export function isDirective(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  return (
    keys.some((key) => key.startsWith('@')) && keys.every((key) => key.startsWith('@') || key === '_metadata')
  )
}
