import type { Scope } from '../../code/scope'
import type { MappingNode, NodeShape } from '../node'
import type { WriteNode } from './write-node'

type If = Extract<NodeShape, { kind: 'if' }>

export const writeIf: WriteNode<'if'> = (node, scope, how) =>
  writeBranches(node, scope, (branch) => scope.value(branch, how))

/** Writes the condition and both branches. Gives the variable that holds what `write` gives for the one taken. */
export function writeBranches(
  { test, holds, value, then, otherwise }: If,
  scope: Scope,
  write: (branch: MappingNode) => string,
): string {
  const { writer } = scope
  const tested = scope.value(value, 'resolve')
  const result = writer.variable('undefined')
  const assign = (branch: MappingNode | undefined): void => {
    if (branch !== undefined) writer.line(`${result} = ${write(branch)};`)
  }
  const condition =
    test === 'exists'
      ? `${tested} !== undefined && ${tested} !== null`
      : `${writer.constant(holds)}(${tested})`
  writer.block(`if (${condition})`, () => assign(then))
  if (otherwise !== undefined) writer.block('else', () => assign(otherwise))
  return result
}
