import { objectOf } from '../../code/object-of'
import type { WriteNode } from './write-node'

export const writeRecord: WriteNode<'record'> = ({ entries }, scope, how) => {
  const members = entries.map(([key, node]) => [key, scope.value(node, how)] as const)
  const { writer } = scope
  if (how === 'produce') return writer.variable(objectOf(members, writer))
  return writer.variable(
    `{ ${members.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')} }`,
  )
}

export const writeList: WriteNode<'list'> = ({ items }, scope, how) =>
  scope.writer.variable(`[${items.map((item) => scope.value(item, how)).join(', ')}]`)
