import { type CompileDirective, constant, isPlainObject } from '../context'
import { MappingError, typeName } from '../mapping-error'
import { pathReader } from '../path'

/** `"$.traits.email"`, or a directive that gives such a text. */
export const compilePath: CompileDirective = (options, path, context) => {
  const strip = context.compatibility ? 'first' : 'leading'
  if (typeof options === 'string') return pathReader(options, strip)
  if (!isPlainObject(options)) {
    context.report(path, `a path such as "$.userId", got ${typeName(options)}`)
    return constant(undefined)
  }
  const resolve = context.compile(options, path)
  return (root) => {
    const text = resolve(root)
    if (typeof text !== 'string') throw new MappingError(`@path: expected string, got ${typeName(text)}`)
    return pathReader(text, strip)(root)
  }
}

/**
 * `[list, shape]`: in the shape each item is the root. One object counts as a list of one; a scalar item gives an
 * empty object of the shape; without a shape the list is taken as it is.
 */
export const compileArrayPath: CompileDirective = (options, path, context) => {
  if (!Array.isArray(options)) {
    context.report(path, `a list of a path and a shape, got ${typeName(options)}`)
    return constant(undefined)
  }
  const [list, shape] = options as readonly unknown[]
  const strip = context.compatibility ? 'first' : 'leading'
  const read = typeof list === 'string' ? pathReader(list, strip) : context.compile(list, `${path}[0]`)
  if (!isPlainObject(shape) || Object.keys(shape).length === 0) return read
  const resolveItem = context.compile(shape, `${path}[1]`)
  return (root) => {
    const found = read(root)
    if (typeof found !== 'object' || found === null) return found
    return (Array.isArray(found) ? found : [found]).map(resolveItem)
  }
}
