import {
  type CompileDirective,
  constant,
  isPlainObject,
  type MappingContext,
  type Resolve,
  setOwn,
} from '../context'
import { MappingError, typeName } from '../mapping-error'

/** Checks that a directive's value is an object; reports otherwise. */
function optionsOf(
  options: unknown,
  members: string,
  path: string,
  context: MappingContext,
): Record<string, unknown> | undefined {
  if (isPlainObject(options)) return options
  context.report(path, `an object with ${members}, got ${typeName(options)}`)
  return undefined
}

/** The value as it is; directives in it are resolved, text is not read as a template. */
export const compileLiteral: CompileDirective = (options, path, context) => context.compile(options, path)

/** `{ mode: "encode" | "decode", value }`. Decoding what is no JSON gives the text itself. */
export const compileJson: CompileDirective = (given, path, context) => {
  const options = optionsOf(given, '"mode" and "value"', path, context)
  if (options === undefined) return constant(undefined)
  const mode = typeof options.mode === 'string' ? options.mode.toLowerCase() : undefined
  if (mode !== 'encode' && mode !== 'decode') {
    context.report(`${path}.mode`, `"encode" or "decode", got ${JSON.stringify(options.mode)}`)
    return constant(undefined)
  }
  if (options.value === undefined) {
    context.report(`${path}.value`, 'give the value to encode or decode')
    return constant(undefined)
  }
  const resolve = context.compile(options.value, `${path}.value`)
  // The reference compares the mode at run time with its case, and does nothing where it differs.
  if (context.compatibility && options.mode !== mode) return constant(undefined)
  return mode === 'encode' ? (root) => JSON.stringify(resolve(root)) : (root) => decoded(resolve(root))
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** `{ value, separator, omitArrays? }`. Lists are flattened by position unless `omitArrays`. */
export const compileFlatten: CompileDirective = (given, path, context) => {
  const options = optionsOf(given, '"value" and "separator"', path, context)
  if (options === undefined) return constant(undefined)
  if (!options.separator) context.report(`${path}.separator`, 'give the text that joins the keys')
  const resolveSeparator = context.compile(options.separator, `${path}.separator`)
  const resolve = context.compile(options.value, `${path}.value`)
  const omitArrays = Boolean(options.omitArrays)
  return (root) => {
    const separator = resolveSeparator(root)
    if (typeof separator !== 'string')
      throw new MappingError(`@flatten: expected a string separator, got ${typeName(separator)}`)
    const result: Record<string, unknown> = {}
    flattenInto(result, resolve(root), '', separator, omitArrays)
    return result
  }
}

function flattenInto(
  result: Record<string, unknown>,
  value: unknown,
  prefix: string,
  separator: string,
  omitArrays: boolean,
): void {
  if (typeof value !== 'object' || value === null || (omitArrays && Array.isArray(value))) {
    if (value !== undefined) setOwn(result, prefix, value)
    return
  }
  for (const [key, member] of Object.entries(value))
    flattenInto(result, member, prefix ? `${prefix}${separator}${key}` : key, separator, omitArrays)
}

/** `{ objects, direction: "left" | "right" }`: joined at the top level; with `right` the later one wins. */
export const compileMerge: CompileDirective = (given, path, context) => {
  const options = optionsOf(given, '"objects" and "direction"', path, context)
  if (options === undefined) return constant(undefined)
  if (!options.direction) context.report(`${path}.direction`, '"left" or "right"')
  if (!Array.isArray(options.objects)) {
    context.report(`${path}.objects`, `a list, got ${typeName(options.objects)}`)
    return constant(undefined)
  }
  const direction = context.compile(options.direction, `${path}.direction`)
  const objects = options.objects.map((item, index) =>
    compileMember(item, `${path}.objects[${index}]`, context),
  )
  return (root) => {
    const values = objects.map((resolve) => resolve(root))
    if (direction(root) === 'left') values.reverse()
    const merged: Record<string, unknown> = Object.assign({}, ...values)
    for (const key of Object.keys(merged)) if (merged[key] === undefined) delete merged[key]
    return merged
  }
}

/** An object to merge keeps its members that come to undefined, since those cover the ones of other objects. */
function compileMember(item: unknown, path: string, context: MappingContext): Resolve {
  if (!isPlainObject(item) || Object.keys(item).some((key) => key.startsWith('@')))
    return context.compile(item, path)
  const members = Object.entries(item).map(([key, value]) => ({
    key,
    resolve: context.compile(value, `${path}.${key}`),
  }))
  return (root) => {
    const result: Record<string, unknown> = {}
    for (const { key, resolve } of members) setOwn(result, key, resolve(root))
    return result
  }
}

/** `{ apply, mapping }`: the result of `apply` is the root of `mapping`. */
export const compileTransform: CompileDirective = (given, path, context) => {
  const options = optionsOf(given, '"apply" and "mapping"', path, context)
  if (options === undefined) return constant(undefined)
  if (!isPlainObject(options.apply) || !options.mapping) {
    context.report(path, 'give an object "apply" and a "mapping"')
    return constant(undefined)
  }
  const apply = context.compile(options.apply, `${path}.apply`)
  const mapping = isPlainObject(options.mapping)
    ? context.compile(options.mapping, `${path}.mapping`)
    : constant(options.mapping)
  return (root) => mapping(apply(root))
}

/** Null becomes nothing; objects lose their null members, at any depth but not inside lists. */
export const compileExcludeWhenNull: CompileDirective = (options, path, context) => {
  const resolve = context.compile(options, path)
  return (root) => {
    const value = resolve(root)
    return value === null ? undefined : withoutNulls(value)
  }
}

function withoutNulls(value: unknown): unknown {
  if (!isPlainObject(value)) return value
  const result: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value))
    if (member !== null) setOwn(result, key, withoutNulls(member))
  return result
}
