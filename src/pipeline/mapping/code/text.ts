import type { WriteNode } from './write-node'

export const writeTemplate: WriteNode<'template'> = ({ parts, show }, scope) => {
  const { writer } = scope
  const shown = parts.map((part) => {
    if (typeof part === 'string') return writer.literal(part)
    const value = scope.read(part)
    return `(typeof ${value} === "string" ? ${value} : ${writer.constant(show)}(${value}))`
  })
  return writer.variable(shown.join(' + '))
}

export const writeCase: WriteNode<'case'> = ({ value, isUpper }, scope, how) => {
  const { writer } = scope
  const given = writer.variable(scope.value(value, how))
  const change = isUpper ? 'toUpperCase' : 'toLowerCase'
  return writer.variable(`typeof ${given} === "string" ? ${given}.${change}() : ${given}`)
}
