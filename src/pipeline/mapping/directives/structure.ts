import { maxNesting, nestsDeeperThan } from '../../../nesting'
import { nestedTooDeep } from '../copy-defined'
import { MappingError } from '../mapping-error'
import { constantNode, directiveNode, failureNode, type MappingNode, type Resolve, unmeasured } from '../node'
import type { ParseDirective } from '../scope'
import { isObject, typeName } from '../type-name'

/** The value as it is; directives in it are resolved, text is not read as a template. */
export const parseLiteral: ParseDirective = (value, scope) => unmeasured(scope.parse(value))

const failure = (name: string, message: string): MappingNode => failureNode(name, new MappingError(message))

/** `{ mode: "encode" | "decode", value }`. Decoding what is no JSON gives the text itself. */
export const parseJson: ParseDirective = (options, scope) => {
  if (!isObject(options)) return failure('@json', '@json requires an object with a "value" key')
  if (!options.mode) return failure('@json', '@json requires a "mode" key')
  const hasValue = scope.compatibility ? Boolean(options.value) : options.value !== undefined
  if (!hasValue) return failure('@json', '@json requires a "value" key')
  const value = scope.parse(options.value)
  // The reference accepts a mode in any case, but then does nothing unless it is in lower case.
  const mode = scope.compatibility ? options.mode : String(options.mode).toLowerCase()
  if (mode === 'encode')
    return directiveNode('@json', [value], encoder(value, scope.compatibility), {
      canThrow: true,
      gives: 'scalars',
    })
  if (mode === 'decode') return directiveNode('@json', [value], (root) => decoded(value.resolve(root)))
  return directiveNode('@json', [value], (root) => void value.resolve(root))
}

const encoder =
  (value: MappingNode, compatibility: boolean): Resolve =>
  (root) => {
    const found = value.resolve(root)
    try {
      return JSON.stringify(found)
    } catch (error) {
      if (nestsDeeperThan(found, maxNesting)) throw nestedTooDeep()
      if (compatibility) throw error
      throw new MappingError('@json: the value cannot be written as JSON')
    }
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
export const parseFlatten: ParseDirective = (options, scope) => {
  if (!isObject(options)) return failure('@flatten', '@flatten requires an object with a "separator" key')
  if (!options.separator) return failure('@flatten', '@flatten requires a "separator" key')
  const separator = scope.parse(options.separator)
  const value = scope.parse(options.value)
  const omitArrays = Boolean(options.omitArrays)
  const resolve: Resolve = (root) => {
    const text = separator.resolve(root)
    if (typeof text !== 'string') throw new MappingError('@flatten requires a string separator')
    return flattened(value.resolve(root), '', { separator: text, omitArrays })
  }
  const canThrow = separator.kind !== 'constant' || typeof separator.value !== 'string'
  return directiveNode('@flatten', [separator, value], resolve, { canThrow })
}

type Flattening = { readonly separator: string; readonly omitArrays: boolean }

/** One level of keys, joined by a separator, from nested objects and, unless told otherwise, lists. */
export function flattened(value: unknown, prefix: string, options: Flattening): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  flattenInto(result, value, prefix, options, 0)
  return result
}

function flattenInto(
  result: Record<string, unknown>,
  value: unknown,
  prefix: string,
  options: Flattening,
  level: number,
): void {
  if (level > maxNesting) throw nestedTooDeep()
  if (!isObject(value) && (options.omitArrays || !Array.isArray(value))) {
    if (prefix !== '__proto__') result[prefix] = value
    return
  }
  for (const [key, member] of Object.entries(value))
    flattenInto(result, member, prefix ? `${prefix}${options.separator}${key}` : key, options, level + 1)
}

/** `{ objects, direction: "left" | "right" }`: joined at the top level; with `right` the later one wins. */
export const parseMerge: ParseDirective = (options, scope) => {
  if (!isObject(options))
    return failure('@merge', '@merge requires an object with an "objects" key and a "direction" key')
  if (!options.direction) return failure('@merge', '@merge requires a "direction" key')
  if (!options.objects) return failure('@merge', '@merge requires a "objects" key')
  if (!Array.isArray(options.objects))
    return failure('@merge', `@merge: expected opts.array, got ${typeof options.objects}`)
  const direction = scope.parse(options.direction)
  const objects = options.objects.map((item) => scope.parse(item))
  return directiveNode('@merge', [direction, ...objects], (root) => {
    const side = direction.resolve(root)
    const values = objects.map((object) => object.resolve(root))
    return merged(side === 'left' ? values.reverse() : values)
  })
}

/** A property that is undefined covers the ones before it. */
function merged(values: readonly unknown[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const value of values) {
    if (value === undefined || value === null) continue
    const source = Object(value) as Record<string, unknown>
    for (const key of Object.keys(source)) if (key !== '__proto__') result[key] = source[key]
  }
  return result
}

/** `{ apply, mapping }`: the result of `apply` is the root of `mapping`. */
export const parseTransform: ParseDirective = (options, scope) => {
  if (!isObject(options))
    return failure('@transform', '@transform requires an object with an "apply" key and a "mapping" key')
  if (!options.mapping) return failure('@transform', '@transform requires a "mapping" key')
  if (!options.apply) return failure('@transform', '@transform requires a "apply" key')
  if (!isObject(options.apply)) return failure('@transform', '@transform "apply" key should be an object')
  const apply = scope.parseWhole(options.apply)
  const mapping = scope.parse(options.mapping)
  const applied = (root: unknown): unknown => apply.produce(mappingRoot(root))
  return {
    ...directiveNode('@transform', [apply, mapping], (root) => mapping.resolve(applied(root)), {
      canThrow: true,
    }),
    produce: (root) => mapping.produce(applied(root)),
  }
}

/** What a whole mapping may be resolved against. */
export function mappingRoot(root: unknown): Record<string, unknown> {
  if (root === undefined) return {}
  if (isObject(root)) return root
  throw new MappingError(`data must be an object, got ${typeName(root)}`)
}

/** Null becomes nothing; objects lose their null properties, at any depth but not inside lists. */
export const parseExcludeWhenNull: ParseDirective = (options, scope) => {
  const value = scope.parse(options)
  if (value.kind === 'constant') return value.value === null ? constantNode(undefined) : value
  return directiveNode('@excludeWhenNull', [value], (root) => {
    const found = value.resolve(root)
    return found === null ? undefined : withoutNulls(found, 0)
  })
}

function withoutNulls(value: unknown, level: number): unknown {
  if (!isObject(value)) return value
  if (level > maxNesting) throw nestedTooDeep()
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value))
    if (key !== '__proto__')
      result[key] = value[key] === null ? undefined : withoutNulls(value[key], level + 1)
  return result
}
