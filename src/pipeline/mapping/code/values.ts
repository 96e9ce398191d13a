import { copyDefined } from '../copy-defined'
import type { WriteNode } from './write-node'

export const writeConstant: WriteNode<'constant'> = ({ value }, { writer }) => writer.literal(value)

export const writePath: WriteNode<'path'> = ({ keys }, scope, how) => {
  const value = scope.read(keys)
  if (how === 'resolve') return value
  const { writer } = scope
  return writer.variable(
    `typeof ${value} === "object" ? ${writer.constant(copyDefined)}(${value}) : ${value}`,
  )
}
