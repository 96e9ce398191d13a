import { flattenObject } from '../../mapping-kit/flatten'
import { evaluateLiquid } from '../../mapping-kit/liquid-directive'
import { compileTemplate } from '../../mapping-kit/placeholders'
import { get, pathKeys, walk } from '../get'
import { isObject, realTypeOf } from '../real-type-of'
import { replaceText } from './replace'
import type { Compiler, Resolve } from './resolve'

/** Compiles the value of a directive. What is wrong with it is thrown when it is resolved, as the reference does. */
type CompileDirective = (options: unknown, compiler: Compiler) => Resolve

const fails =
  (message: string): Resolve =>
  () => {
    throw new Error(message)
  }

/** Compiles an object with one key that starts with `@`. */
export function compileDirective(mapping: Record<string, unknown>, compiler: Compiler): Resolve {
  const name = Object.keys(mapping).find((key) => key.startsWith('@')) as string
  const compileOptions = Object.hasOwn(directives, name) ? directives[name] : undefined
  return compileOptions
    ? compileOptions(mapping[name], compiler)
    : fails(`${name} is not a valid directive, got undefined`)
}

const exists = (value: unknown): boolean => value !== undefined && value !== null
// biome-ignore lint/suspicious/noDoubleEquals: 0, false and an empty list count as blank
const isNotBlank = (value: unknown): boolean => exists(value) && value != ''

const compileIf: CompileDirective = (options, { part }) => {
  if (!isObject(options)) return fails('@if requires an object with an "exists" key')
  if (!options.exists && !options.blank) return fails('@if requires an "exists" key or a "blank" key')
  const test = options.exists !== undefined ? exists : isNotBlank
  const condition = part(options.exists !== undefined ? options.exists : options.blank)
  const then = part(options.then)
  const otherwise = part(options.else || undefined)
  return (root) => (test(condition(root)) ? then(root) : otherwise(root))
}

const compileCase: CompileDirective = (options, { part }) => {
  if (!isObject(options)) return fails('@case requires an object with a "operator" key')
  const { operator, value } = options
  if (!operator) return fails('@case requires a "operator" key')
  const resolve = part(value || undefined)
  return (root) => {
    const text = resolve(root)
    if (typeof text !== 'string') return text
    if (operator === 'lower') return text.toLowerCase()
    if (operator === 'upper') return text.toUpperCase()
    throw new Error('operator key should have a value of "lower" or "upper"')
  }
}

const compileReplace: CompileDirective = (options, { part }) => {
  if (!isObject(options)) return fails('@replace requires an object with a "pattern" key')
  if (!options.pattern) return fails('@replace requires a "pattern" key')
  const { pattern, pattern2, value } = options
  const replacement = options.replacement ?? ''
  const replacement2 = options.replacement2 ?? ''
  const ignoresCase = options.ignorecase ?? false
  const isGlobal = options.global ?? true
  if (!value) return () => undefined
  const resolve = part(value)
  const flags = `${isGlobal ? 'g' : ''}${ignoresCase ? 'i' : ''}`
  const isUsable = typeof ignoresCase === 'boolean' && typeof isGlobal === 'boolean'
  return (root) => {
    const found = resolve(root)
    const text = typeof found === 'boolean' || typeof found === 'number' ? String(found) : found
    if (typeof text !== 'string' || typeof pattern !== 'string' || typeof replacement !== 'string') return ''
    if (!isUsable) return ''
    const once = replaceText(text, pattern, replacement, flags)
    return pattern2 && typeof pattern2 === 'string' && typeof replacement2 === 'string'
      ? replaceText(once, pattern2, replacement2, flags)
      : once
  }
}

/** Only the first `$.`, wherever it stands, is dropped. */
const compilePathText = (path: string): Resolve => {
  const bare = path.replace('$.', '')
  if (bare === '' || bare === '.') return (root) => root
  const keys = pathKeys(bare)
  return (root) => walk(root, keys)
}

/** A text, or what comes to one. */
const compileString =
  (name: string, compileText: (text: string) => Resolve): CompileDirective =>
  (options, { part }) => {
    if (typeof options === 'string') return compileText(options)
    const resolve = part(options)
    return (root) => {
      const text = resolve(root)
      if (typeof text !== 'string') throw new Error(`${name}: expected string, got ${realTypeOf(text)}`)
      return compileText(text)(root)
    }
  }

const compileArrayPath: CompileDirective = (options, { part }) => {
  if (!Array.isArray(options)) return fails(`@arrayPath expected array, got ${realTypeOf(options)}`)
  const [path, shape] = options as readonly unknown[]
  const read: Resolve = typeof path === 'string' ? (root) => get(root, path.replace('$.', '')) : part(path)
  if (!isObject(shape) || Object.keys(shape).length === 0) return read
  const resolveItem = part(shape)
  return (root) => {
    const list = read(root)
    if (!Array.isArray(list) && !isObject(list)) return list
    return (Array.isArray(list) ? list : [list]).map((item) => resolveItem(item))
  }
}

const compileFlatten: CompileDirective = (options, { part }) => {
  if (!isObject(options)) return fails('@flatten requires an object with a "separator" key')
  if (!options.separator) return fails('@flatten requires a "separator" key')
  const resolveSeparator = part(options.separator)
  const resolve = part(options.value)
  const ignoresArrays = Boolean(options.omitArrays)
  return (root) => {
    const separator = resolveSeparator(root)
    if (typeof separator !== 'string') throw new Error('@flatten requires a string separator')
    return flattenObject(resolve(root), '', separator, ignoresArrays)
  }
}

const compileJson: CompileDirective = (options, { part }) => {
  if (!isObject(options)) return fails('@json requires an object with a "value" key')
  if (!options.mode) return fails('@json requires a "mode" key')
  if (!options.value) return fails('@json requires a "value" key')
  const resolve = part(options.value)
  if (options.mode === 'encode') return (root) => JSON.stringify(resolve(root))
  return options.mode === 'decode' ? (root) => decoded(resolve(root)) : (root) => void resolve(root)
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const compileMerge: CompileDirective = (options, { part }) => {
  if (!isObject(options))
    return fails('@merge requires an object with an "objects" key and a "direction" key')
  if (!options.direction) return fails('@merge requires a "direction" key')
  const resolveDirection = part(options.direction)
  if (!options.objects) return fails('@merge requires a "objects" key')
  if (!Array.isArray(options.objects))
    return fails(`@merge: expected opts.array, got ${typeof options.objects}`)
  const objects = options.objects.map(part)
  return (root) => {
    const direction = resolveDirection(root)
    const values = objects.map((resolve) => resolve(root))
    if (direction === 'left') values.reverse()
    return Object.assign({}, ...values)
  }
}

const compileTransform: CompileDirective = (options, { part, whole }) => {
  if (!isObject(options))
    return fails('@transform requires an object with an "apply" key and a "mapping" key')
  if (!options.mapping) return fails('@transform requires a "mapping" key')
  if (!options.apply) return fails('@transform requires a "apply" key')
  if (!isObject(options.apply)) return fails('@transform "apply" key should be an object')
  const apply = whole(options.apply)
  const mapping = part(options.mapping)
  return (root) => mapping(apply(root))
}

const compileExcludeWhenNull: CompileDirective = (options, { part }) => {
  const resolve = part(options)
  return (root) => {
    const value = resolve(root)
    return value === null ? undefined : withoutNulls(value)
  }
}

function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value
  const result: Record<string, unknown> = Object.assign({}, value)
  for (const [key, member] of Object.entries(value))
    if (member === null) result[key] = undefined
    else if (isObject(member)) result[key] = withoutNulls(member)
  return result
}

const directives: Record<string, CompileDirective> = {
  '@if': compileIf,
  '@case': compileCase,
  '@replace': compileReplace,
  '@arrayPath': compileArrayPath,
  '@path': compileString('@path', compilePathText),
  '@template': compileString('@template', compileTemplate),
  '@literal': (options, { part }) => part(options),
  '@flatten': compileFlatten,
  '@json': compileJson,
  '@merge': compileMerge,
  '@transform': compileTransform,
  '@excludeWhenNull': compileExcludeWhenNull,
  '@liquid': (options) => (root) => evaluateLiquid(options, root),
}
