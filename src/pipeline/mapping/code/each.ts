import type { Scope } from '../../code/scope'
import type { MappingNode, NodeShape } from '../node'
import { isObject } from '../type-name'
import type { WriteNode } from './write-node'

type Each = Extract<NodeShape, { kind: 'each' }>

export const writeEach: WriteNode<'each'> = (node, scope, how) =>
  writeItems(node, scope, {
    write: (shape, inner) => inner.value(shape, how),
    otherwise: (found) => found,
    // A gap of a list stays a gap.
    onGap: (result) => `${result} = ${scope.writer.constant(node[how])}(${scope.root}); break;`,
  })

/** Writes the loop over a list, or over one object as a list of one. Gives the variable that holds the new list. */
export function writeItems(
  { list, shape }: Each,
  scope: Scope,
  code: {
    /** Writes the code of one item, which is the root of `inner`; gives what the new list gets. */
    readonly write: (shape: MappingNode, inner: Scope) => string
    /** The expression for what is no list. */
    readonly otherwise: (found: string) => string
    /** The statement for an item that is undefined. */
    readonly onGap: (result: string) => string
  },
): string {
  const { writer } = scope
  const found = scope.value(list, 'resolve')
  const isOne = `${writer.constant(isObject)}(${found})`
  const items = writer.variable(`Array.isArray(${found}) ? ${found} : ${isOne} ? [${found}] : undefined`)
  const result = writer.variable('undefined')
  const [index, item] = [writer.name(), writer.name()]
  writer.line(`if (${items} === undefined) ${result} = ${code.otherwise(found)};`)
  writer.block('else', () => {
    writer.line(`${result} = [];`)
    writer.block(`for (let ${index} = 0; ${index} < ${items}.length; ${index}++)`, () => {
      writer.line(`const ${item} = ${items}[${index}];`)
      writer.line(`if (${item} === undefined) { ${code.onGap(result)} }`)
      const inner = scope.inner(item)
      writer.line(`${result}.push(${code.write(shape, inner)});`)
    })
  })
  return result
}
