import type { How, Scope } from '../../code/scope'
import type { MappingNode, NodeShape } from '../node'

/** Writes the code of one kind of part. Gives a variable or a literal that holds its value. */
export type WriteNode<Kind extends NodeShape['kind']> = (
  node: Extract<NodeShape, { kind: Kind }> & MappingNode,
  scope: Scope,
  how: How,
) => string
