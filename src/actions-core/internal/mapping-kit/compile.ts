import { isDirective } from '../../mapping-kit/is-directive'
import { evaluateLiquid } from '../../mapping-kit/liquid-directive'
import { validate } from '../../mapping-kit/validate'
import { isArray, isObject, realTypeOf } from '../real-type-of'
import { removeUndefined } from '../remove-undefined'
import { compileDirective } from './directives'
import type { Compiler, Resolve } from './resolve'

const constant =
  (value: unknown): Resolve =>
  () =>
    value

function compilePart(mapping: unknown): Resolve {
  if (isArray(mapping)) {
    const items = mapping.map(compilePart)
    return (root) => items.map((item) => item(root))
  }
  if (!isObject(mapping)) return constant(mapping)
  if (isDirective(mapping)) return compileDirective(mapping, compiler)
  const members = Object.keys(mapping).map((key) => [key, compilePart(mapping[key])] as const)
  return (root) => {
    const result: Record<string, unknown> = {}
    for (const [key, member] of members) result[key] = member(root)
    return result
  }
}

/**
 * Compiles what ends up in the payload: members that come to undefined are left out, and values of the event are
 * copied, since validation coerces the payload in place. `keys` lead to the part; statistics are tagged with them.
 */
function compileFinal(mapping: unknown, keys: readonly string[]): Resolve {
  if (isArray(mapping)) {
    const items = mapping.map((item) => compileFinal(item, keys))
    return (root, statsContext) => items.map((item) => item(root, statsContext))
  }
  if (!isObject(mapping)) return constant(mapping)
  if (isDirective(mapping)) return compileFinalDirective(mapping, keys)
  const members = Object.keys(mapping).map(
    (key) => [key, compileFinal(mapping[key], [...keys, key])] as const,
  )
  return (root, statsContext) => {
    const result: Record<string, unknown> = {}
    for (const [key, member] of members) {
      const value = member(root, statsContext)
      if (value !== undefined && key !== '__proto__') result[key] = value
    }
    return result
  }
}

function compileFinalDirective(mapping: Record<string, unknown>, keys: readonly string[]): Resolve {
  const text = mapping['@liquid']
  if (typeof text !== 'string') {
    const resolve = compileDirective(mapping, compiler)
    return (root) => removeUndefined(resolve(root))
  }
  const tags = keys.map((key) => `fieldKey:${key}`)
  return (root, statsContext) =>
    evaluateLiquid(
      text,
      root,
      statsContext?.tags && { ...statsContext, tags: [...statsContext.tags, ...tags] },
    )
}

const rootKey = '__segment_internal_directive'

/** A stored root directive takes all other keys as its `mapping`, a list none. The stored objects stay as they are. */
function withRootDirective(mapping: Record<string, unknown>): Record<string, unknown> {
  if (!Object.keys(mapping).includes(rootKey)) return { ...mapping }
  const { [rootKey]: root, ...others } = mapping
  const [name, ...more] = Object.keys(root as object)
  if (more.length > 0) throw new Error('The root mapping must only have a single directive object')
  const options = (root as Record<string, unknown>)[name as string]
  if (!options || typeof options !== 'object') throw new Error('The root directive must be an object')
  return { [name as string]: Array.isArray(options) ? options : { ...options, mapping: others } }
}

/** Checks and compiles a whole mapping. */
export function compileMapping(mapping: unknown): Resolve {
  const complete = withRootDirective(mapping as Record<string, unknown>)
  validate(complete)
  return compileFinal(complete, [])
}

/** A mapping inside a mapping: a mistake in it shows only where it is resolved. */
function compileWhole(mapping: unknown): Resolve {
  let resolve: Resolve
  try {
    resolve = compileMapping(mapping)
  } catch (error) {
    resolve = () => {
      throw error
    }
  }
  return (root = {}) => {
    requireObject(root)
    return resolve(root)
  }
}

const compiler: Compiler = { part: compilePart, whole: compileWhole }

/** What `transform` demands of an event. */
export function requireObject(data: unknown): void {
  const type = realTypeOf(data)
  if (type !== 'object') throw new Error(`data must be an object, got ${type}`)
}
