import { nestsDeeperThan } from '../../nesting'
import { type CodeGeneration, generatedWhenBusy } from '../code/code-generation'
import { checkMapping } from './check-mapping'
import { butItIs, mistake } from './checking'
import { directiveParsers } from './directives'
import { mappingRoot } from './directives/structure'
import { generateMap } from './generate-map'
import { InvalidMappingError, invalidMapping, MappingError, type Mistakes } from './mapping-error'
import { constantNode, failureNode, listNode, type MappingNode, type Resolve, recordNode } from './node'
import { isDirective, type Scope } from './scope'
import { isObject } from './type-name'

/** A mapping, read and checked once. */
export type CompiledMapping = {
  readonly root: MappingNode
  /**
   * The mapping of one event, as a copy of its own without undefined properties.
   * @throws MappingError when the event is no object or a directive cannot work with it.
   */
  readonly map: Resolve
}

export type MappingOptions = CodeGeneration & {
  /** Reads mappings as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /** Where the mapping stands in the configuration, for messages. Default `mapping`. */
  readonly path?: string
}

/**
 * Compiles a whole mapping. Neither it nor any event is changed.
 * @throws InvalidMappingError (a ConfigurationError) that lists every mistake with its path.
 */
export function compileMapping(mapping: unknown, options: MappingOptions = {}): CompiledMapping {
  const { compatibility = false } = options
  const { path = 'mapping' } = options
  const nested = nestedMistake(mapping)
  if (nested !== undefined) throw invalidMapping(nested, path, compatibility)
  const root = parseWhole(mapping, { compatibility, path, checked: new WeakSet() })
  const closure = (event: unknown): unknown => root.produce(mappingRoot(event))
  const map = generatedWhenBusy(closure, () => generateMap(root, closure, compatibility), options)
  return {
    root,
    map: (event, stats) => (stats === undefined ? map(event) : root.produce(mappingRoot(event), stats)),
  }
}

/** Deepest nesting of lists and objects in a mapping, in levels; a directive in a directive is two. */
const maxLevels = 500

/** What is wrong with a mapping that nests too deep to be read. */
export const nestedMistake = (mapping: unknown): Mistakes | undefined =>
  nestsDeeperThan(mapping, maxLevels)
    ? mistake([], `should nest at most ${maxLevels} levels deep but it goes deeper`)
    : undefined

/** How a whole mapping is read. `checked`: objects that a mapping around it has been checked with. */
type Reading = {
  readonly compatibility: boolean
  readonly path: string
  readonly checked: WeakSet<object>
}

function parseWhole(mapping: unknown, reading: Reading): MappingNode {
  const { compatibility, path, checked } = reading
  const whole = withRootDirective(mapping, compatibility, path)
  const isChecked = isObject(mapping) && checked.has(mapping) && !Object.hasOwn(mapping, rootDirectiveKey)
  const mistakes = isChecked ? undefined : checkMapping(whole, { isStrict: !compatibility, checked })
  if (mistakes !== undefined) throw invalidMapping(mistakes, path, compatibility)
  const scope: Scope = {
    compatibility,
    parse: (value) => parseValue(value, scope),
    parseWhole: (value) => parseNested(value, reading),
  }
  return scope.parse(whole)
}

/** The reference reads a mapping inside a mapping when an event arrives, and fails then. */
function parseNested(mapping: unknown, reading: Reading): MappingNode {
  if (!reading.compatibility) return parseWhole(mapping, reading)
  try {
    return parseWhole(mapping, reading)
  } catch (error) {
    return failureNode('@transform', error as Error)
  }
}

function parseValue(value: unknown, scope: Scope): MappingNode {
  if (Array.isArray(value)) return listNode(value.map((item) => scope.parse(item)))
  if (!isObject(value)) return constantNode(value)
  if (!isDirective(value))
    return recordNode(
      Object.keys(value)
        .filter((key) => key !== '__proto__')
        .map((key) => [key, scope.parse(value[key])] as const),
    )
  const name = Object.keys(value).find((key) => key.startsWith('@')) ?? ''
  const parse = Object.hasOwn(directiveParsers, name) ? directiveParsers[name] : undefined
  return parse === undefined
    ? failureNode(name, new MappingError(`${name} is not a valid directive, got undefined`))
    : parse(value[name], scope)
}

/** Holds one directive that gets all other keys as its `mapping`; one that takes a list, as `@arrayPath`, gets none. */
export const rootDirectiveKey = '__segment_internal_directive'

/** The mapping that is really resolved. The stored one stays as it is. */
function withRootDirective(
  mapping: unknown,
  compatibility: boolean,
  path: string,
): Readonly<Record<string, unknown>> {
  if (!compatibility && !isObject(mapping))
    throw invalidMapping(mistake([], `should be an object ${butItIs(mapping)}`), path, false)
  if (mapping === undefined || mapping === null) throw noObject()
  const members: Record<string, unknown> = { ...(mapping as object) }
  if (!Object.hasOwn(members, rootDirectiveKey)) return members
  const { [rootDirectiveKey]: root, ...others } = members
  if (compatibility && (root === undefined || root === null)) throw noObject()
  const names = compatibility || isObject(root) ? Object.keys(root as object) : []
  const [name = ''] = names
  const options = (root as Record<string, unknown> | undefined)?.[name]
  if (names.length > 1)
    throw rootMistake('The root mapping must only have a single directive object', compatibility, path)
  if (!options || typeof options !== 'object')
    throw rootMistake('The root directive must be an object', compatibility, path)
  return { [name]: Array.isArray(options) ? options : { ...options, mapping: others } }
}

const noObject = (): InvalidMappingError =>
  new InvalidMappingError('Cannot convert undefined or null to object', [], 'TypeError')

const rootMistake = (message: string, compatibility: boolean, path: string): InvalidMappingError =>
  compatibility
    ? new InvalidMappingError(message, [], 'Error')
    : invalidMapping(mistake([rootDirectiveKey], message), path, false)
