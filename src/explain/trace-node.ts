import { type MappingNode, pathNode } from '../pipeline/mapping/node'

/** What one part of a mapping made of an event. */
export type NodeTrace = {
  /** `@path`, `@template`, `@if` and so on; `constant`, `object` or `list` for the parts without a directive. */
  readonly directive: string
  /** The part in short: `$.traits.email`, `Hello {{traits.name}}`. */
  readonly text: string
  /** The parts that it resolved to come to its output, each with what it is for. */
  readonly inputs: readonly { readonly role: string; readonly trace: NodeTrace }[]
  /** Undefined where it gave nothing. */
  readonly output: unknown
  /** Why it could not be resolved. */
  readonly error?: string
}

/** Resolves a part of a mapping for a root, the event or an item of a list, and tells how. */
export function traceNode(node: MappingNode, root: unknown): NodeTrace {
  const inputs = inputsOf(node, root)
  return { directive: directiveOf(node), text: nodeText(node), inputs, ...outputOf(node, root) }
}

function outputOf(node: MappingNode, root: unknown): { output: unknown; error?: string } {
  try {
    return { output: node.resolve(root) }
  } catch (error) {
    return { output: undefined, error: (error as Error).message }
  }
}

const directiveOf = (node: MappingNode): string => {
  switch (node.kind) {
    case 'record':
      return 'object'
    case 'each':
      return '@arrayPath'
    case 'directive':
      return node.name
    case 'constant':
    case 'list':
      return node.kind
    default:
      return `@${node.kind}`
  }
}

type Input = NodeTrace['inputs'][number]

function inputsOf(node: MappingNode, root: unknown): readonly Input[] {
  const traced = (role: string, part: MappingNode): Input => ({ role, trace: traceNode(part, root) })
  switch (node.kind) {
    case 'record':
      return node.entries.map(([key, part]) => traced(key, part))
    case 'list':
      return node.items.map((part, index) => traced(String(index), part))
    case 'template':
      return node.parts.flatMap((part) =>
        typeof part === 'string'
          ? []
          : [traced(part.join('.'), pathNode(`$.${part.join('.')}`, part, false))],
      )
    case 'if':
      return ifInputs(node, traced)
    case 'case':
      return [traced('value', node.value)]
    case 'each':
      return [traced('list', node.list)]
    case 'directive':
      // What a transformation maps is its own input, no longer the event.
      return (node.name === '@transform' ? node.inputs.slice(0, 1) : node.inputs).map((part, index) =>
        traced(node.inputs.length === 1 ? 'value' : String(index), part),
      )
    default:
      return []
  }
}

/** The condition, and the branch that was taken. */
function ifInputs(
  node: MappingNode & { kind: 'if' },
  traced: (role: string, part: MappingNode) => Input,
): readonly Input[] {
  const condition = traced(node.test, node.value)
  if (condition.trace.error !== undefined) return [condition]
  const { output } = condition.trace
  const holds = node.holds(output)
  const branch = holds ? node.then : node.otherwise
  return branch === undefined ? [condition] : [condition, traced(holds ? 'then' : 'else', branch)]
}

/** A part of a mapping in short. */
export function nodeText(node: MappingNode): string {
  switch (node.kind) {
    case 'constant':
      return JSON.stringify(node.value) ?? 'nothing'
    case 'path':
      return node.text
    case 'record':
      return `{ ${node.entries.map(([key]) => key).join(', ')} }`
    case 'list':
      return `[${node.items.map(nodeText).join(', ')}]`
    case 'template':
      return node.parts.map((part) => (typeof part === 'string' ? part : `{{${part.join('.')}}}`)).join('')
    case 'if':
      return ifText(node)
    case 'case':
      return `${nodeText(node.value)} in ${node.isUpper ? 'upper' : 'lower'} case`
    case 'each':
      return `each of ${nodeText(node.list)}`
    case 'directive':
      return `${node.name} of ${node.inputs.map(nodeText).join(', ') || 'nothing'}`
  }
}

/** The common `a, else b` by that name. */
function ifText({ test, value, then, otherwise }: MappingNode & { kind: 'if' }): string {
  const condition = nodeText(value)
  const yes = then === undefined ? 'nothing' : nodeText(then)
  const no = otherwise === undefined ? '' : `, else ${nodeText(otherwise)}`
  if (yes === condition) return `${yes}${no}`
  return `${yes} if ${condition} ${test === 'exists' ? 'is there' : 'is not blank'}${no}`
}
