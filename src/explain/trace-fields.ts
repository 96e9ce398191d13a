import type { FieldProblem } from '../outcome'
import type { MappingNode } from '../pipeline/mapping/node'
import { isObject } from '../pipeline/mapping/type-name'
import { InvalidPayload } from '../pipeline/payload/invalid-payload'
import { traceChanges, type ValueChange } from './trace-changes'
import { type NodeTrace, traceNode } from './trace-node'

/** What happened to one field of an action, or to one key of a mapping that is no field. */
export type FieldTrace = {
  readonly key: string
  readonly label?: string
  readonly isRequired: boolean
  /** How the mapping came to its value; absent where the mapping does not mention the field. */
  readonly mapping?: NodeTrace
  /** What the action gets; absent where it gets nothing, or the whole event is invalid. */
  readonly value?: unknown
  readonly changes: readonly ValueChange[]
  readonly problems: readonly FieldProblem[]
}

type Fields = Readonly<Record<string, { readonly label?: string; readonly required?: unknown }>>

/** Traces every field of an action and every other key of its mapping. `payload` is what the pipeline made. */
export function traceFields(
  fields: Fields,
  root: MappingNode,
  event: unknown,
  payload: unknown,
): FieldTrace[] {
  // A mapping that is one directive has no parts that belong to fields.
  const nodes = new Map<string, MappingNode>(root.kind === 'record' ? root.entries : [])
  const problems = payload instanceof InvalidPayload ? payload.fields : []
  const values = isObject(payload) && !(payload instanceof InvalidPayload) ? payload : undefined
  const keys = [...new Set([...Object.keys(fields), ...nodes.keys()])].filter((key) => !isInternal(key))
  return keys.map((key): FieldTrace => {
    const node = nodes.get(key)
    const trace = node && traceNode(node, event)
    const value = values?.[key]
    const label = fields[key]?.label
    return {
      key,
      isRequired: fields[key]?.required === true,
      changes: values === undefined || trace === undefined ? [] : traceChanges(key, trace.output, value),
      problems: problems.filter(({ path }) => isWithin(path, key)),
      ...(label === undefined ? {} : { label }),
      ...(trace === undefined ? {} : { mapping: trace }),
      ...(value === undefined ? {} : { value }),
    }
  })
}

const isWithin = (path: string, key: string): boolean =>
  path === key || (path.startsWith(key) && /^[.[]/.test(path.slice(key.length)))

/** What Segment stores in a mapping beside the fields. */
const isInternal = (key: string): boolean => key.startsWith('__segment_internal_')
