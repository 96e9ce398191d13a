import type { WriteValue } from '../../code/scope'
import type { NodeShape } from '../node'
import { writeIf } from './choice'
import { writeEach } from './each'
import { writeList, writeRecord } from './structure'
import { writeCase, writeTemplate } from './text'
import { writeConstant, writePath } from './values'
import type { WriteNode } from './write-node'

/** Any other directive keeps its closure. */
const writeDirective: WriteNode<'directive'> = (node, { writer, root }, how) =>
  writer.variable(`${writer.constant(node[how])}(${root})`)

const writers: { readonly [Kind in NodeShape['kind']]: WriteNode<Kind> } = {
  constant: writeConstant,
  path: writePath,
  template: writeTemplate,
  case: writeCase,
  if: writeIf,
  record: writeRecord,
  list: writeList,
  each: writeEach,
  directive: writeDirective,
}

/** Writes the code of a part of a mapping. Gives a variable or a literal that holds its value. */
export const writeValue: WriteValue = (node, scope, how) =>
  (writers[node.kind] as WriteNode<typeof node.kind>)(node as never, scope, how)
