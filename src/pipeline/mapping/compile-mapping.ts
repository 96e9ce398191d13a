import { ConfigurationError } from '../../errors'
import { constant, isPlainObject, type MappingContext, type Resolve, setOwn } from './context'
import { directiveCompilers } from './directives'

/** A directive is an object with one key that starts with `@`, and perhaps `_metadata`. */
export const isDirective = (value: unknown): value is Record<string, unknown> =>
  isPlainObject(value) && Object.keys(value).some((key) => key.startsWith('@'))

/** Compiles a value of a mapping: a directive, a list, an object or a constant. */
function compileValue(value: unknown, path: string, context: MappingContext): Resolve {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => context.compile(item, `${path}[${index}]`))
    return (root) => items.map((item) => item(root))
  }
  if (!isPlainObject(value)) return constant(value)
  return isDirective(value) ? compileDirective(value, path, context) : compileObject(value, path, context)
}

function compileDirective(value: Record<string, unknown>, path: string, context: MappingContext): Resolve {
  const keys = Object.keys(value).filter((key) => key !== '_metadata')
  const [name] = keys
  if (name === undefined || keys.length !== 1) {
    context.report(path, `a directive has one key that starts with @, but this has ${keys.join(', ')}`)
    return constant(undefined)
  }
  const compile = Object.hasOwn(directiveCompilers, name) ? directiveCompilers[name] : undefined
  if (compile === undefined) {
    context.report(path, `unknown directive ${name}; there are ${Object.keys(directiveCompilers).join(', ')}`)
    return constant(undefined)
  }
  return compile(value[name], path ? `${path}.${name}` : name, context)
}

/** Members that come to undefined are left out. Keys are set as own members, whatever they are called. */
function compileObject(value: Record<string, unknown>, path: string, context: MappingContext): Resolve {
  const members = Object.keys(value).map((key) => ({
    key,
    resolve: context.compile(value[key], path ? `${path}.${key}` : key),
  }))
  return (root) => {
    const result: Record<string, unknown> = {}
    for (const { key, resolve } of members) {
      const member = resolve(root)
      if (member !== undefined) setOwn(result, key, member)
    }
    return result
  }
}

const rootDirectiveKey = '__segment_internal_directive'

/**
 * The mapping that is really resolved: a stored root directive takes all other keys as its `mapping`. The stored
 * object stays as it is.
 */
export function withRootDirective(mapping: unknown, path: string, context: MappingContext): unknown {
  if (!isPlainObject(mapping) || !Object.hasOwn(mapping, rootDirectiveKey)) return mapping
  const { [rootDirectiveKey]: root, ...others } = mapping
  const keys = isPlainObject(root) ? Object.keys(root) : []
  const [name] = keys
  const options = isPlainObject(root) && name !== undefined ? root[name] : undefined
  if (keys.length !== 1 || name === undefined || !isPlainObject(options)) {
    context.report(
      `${path}.${rootDirectiveKey}`,
      'the root mapping is one directive whose value is an object',
    )
    return {}
  }
  return { [name]: { ...options, mapping: others } }
}

/**
 * Compiles a whole mapping.
 * @throws ConfigurationError INVALID_MAPPING that lists every mistake with its path.
 */
export function compileMapping(
  mapping: unknown,
  options: { readonly compatibility?: boolean; readonly path?: string } = {},
): Resolve {
  const mistakes: string[] = []
  const context: MappingContext = {
    compatibility: options.compatibility ?? false,
    compile: (value, path) => compileValue(value, path, context),
    report: (path, message) => mistakes.push(path ? `${path}: ${message}` : message),
  }
  const path = options.path ?? ''
  const resolve = context.compile(withRootDirective(mapping, path, context), path)
  throwMistakes(mistakes)
  return resolve
}

/** @throws ConfigurationError INVALID_MAPPING when there are mistakes. */
export function throwMistakes(mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new ConfigurationError('INVALID_MAPPING', mistakes.join('\n'))
}
