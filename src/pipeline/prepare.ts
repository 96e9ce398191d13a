import type { StatsContext } from '@segment/actions-core'
import { ConfigurationError, DefinitionError } from '../errors'
import { type CodeGeneration, generatedWhenBusy } from './code/code-generation'
import { closureFastPath, exemptKey, type FastPath, type FastPathParts, stepsOf } from './fast-path'
import { generateFastPath } from './generate-fast-path'
import { type CompiledMapping, compileMapping, rootDirectiveKey } from './mapping/compile-mapping'
import { MappingError } from './mapping/mapping-error'
import { isObject, typeName } from './mapping/type-name'
import { bailOut, type Standing } from './payload/accept'
import { arrifyFields, removeEmptyValues } from './payload/empty-values'
import { problem } from './payload/field-problems'
import { fieldsToJsonSchema } from './payload/fields-to-json-schema'
import { InvalidPayload, validated } from './payload/invalid-payload'
import { type PayloadSchema, propertySchema } from './payload/payload-schema'
import { schemaOf } from './payload/schema-of'

export { InvalidPayload } from './payload/invalid-payload'

/** Makes payloads of events; compiled once per subscription. Nothing is shared between payloads, or with events. */
export type Preparation = {
  /**
   * Maps, empties, coerces and checks. The event stays as it is. `stats`: gets the time that each Liquid template
   * took; payloads are then made on the slow path.
   * @throws MappingError in compatibility mode, where the mapping cannot work with the event; by default that is an
   * `InvalidPayload` too.
   */
  prepare(event: unknown, stats?: StatsContext): Record<string, unknown> | InvalidPayload
  /** As `prepare`; in compatibility mode with the reference's differences for the items of a batch. */
  prepareInBatch(event: unknown, stats?: StatsContext): Record<string, unknown> | InvalidPayload
  /**
   * The mapping alone.
   * @throws MappingError where the mapping cannot work with the event.
   */
  map(event: unknown): unknown
  /** The JSON Schema that payloads fulfil; absent for an action without fields, whose payloads are not checked. */
  readonly schema?: PayloadSchema
  readonly mapping: CompiledMapping
}

/** What decides a preparation. */
export type PreparationOptions = CodeGeneration & {
  readonly fields: Readonly<Record<string, unknown>>
  readonly mapping: unknown
  /** The sync mode of the mapping, for conditional requirements. */
  readonly syncMode?: string
  /** Reads mappings and fields as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /** Report mapping keys that name no field. Default false: they are dropped. */
  readonly strictKeys?: boolean
  /** Where the mapping stands in the configuration, for messages. Default `mapping`. */
  readonly path?: string
}

/**
 * Compiles mapping and fields into one function.
 * @throws ConfigurationError INVALID_MAPPING that lists every mistake with its path, or DefinitionError where the
 * fields cannot be checked.
 */
export function compilePreparation(options: PreparationOptions): Preparation {
  const { fields, mapping: given = {}, path = 'mapping' } = options
  const { compatibility = false, generateAfter } = options
  const how: How = { compatibility, generateAfter }
  if (options.strictKeys) checkKeys(fields, given, path)
  const mapping = compileMapping(given, { ...how, path })
  if (Object.keys(fields).length === 0) return rawPreparation(mapping, compatibility)
  const schema = compileSchema(options)
  const prepare = compilePrepare(mapping, schema, { isRoot: true, isCleaned: true }, how)
  return {
    prepare,
    prepareInBatch: compatibility ? lazily(() => compileInBatch(mapping, schema, how)) : prepare,
    map: mapping.map,
    schema,
    mapping,
  }
}

type Prepare = Preparation['prepare']
type How = CodeGeneration & { readonly compatibility: boolean }

const lazily = (compile: () => Prepare): Prepare => {
  let compiled: Prepare | undefined
  return (event, stats) => {
    compiled ??= compile()
    return compiled(event, stats)
  }
}

function compileSchema({
  fields,
  compatibility,
  syncMode = null,
}: { syncMode?: string | null } & Omit<PreparationOptions, 'syncMode'>): PayloadSchema {
  return compatibility ? fieldsToJsonSchema(fields, { syncMode }) : schemaOf(fields, { syncMode })
}

/** In a batch the reference keeps '' and does not ask whether an event is an object. */
const compileInBatch = (mapping: CompiledMapping, schema: PayloadSchema, how: How): Prepare =>
  compilePrepare(
    { root: mapping.root, map: (event, stats) => mapping.root.produce(event, stats) },
    schema,
    { isRoot: true, isCleaned: true, keepsBlank: true },
    how,
  )

function compilePrepare(
  mapping: CompiledMapping,
  schema: PayloadSchema,
  standing: Standing,
  how: How,
): Prepare {
  const { compatibility } = how
  const fastPath = fastPathOf({ root: mapping.root, schema, standing, compatibility }, how)
  const slowPath: Prepare = compatibility
    ? (event, stats) => checked(mapping.map(event, stats), schema, standing, true)
    : (event, stats) => {
        const mapped = mappedOrInvalid(mapping, schema, event, stats)
        return mapped instanceof InvalidPayload ? mapped : checked(mapped, schema, standing, false)
      }
  return (event, stats) => {
    if (stats !== undefined) return slowPath(event, stats)
    const payload = attempt(fastPath, event)
    return payload === bailOut ? slowPath(event) : payload
  }
}

/** @throws DefinitionError where the fields name a format that does not exist. */
function fastPathOf(parts: FastPathParts, how: CodeGeneration): FastPath {
  try {
    const steps = stepsOf(parts)
    const closure = closureFastPath(parts, steps)
    if (steps === undefined) return closure
    return generatedWhenBusy(closure, () => generateFastPath(parts, steps, closure), how)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new DefinitionError('INVALID_DEFINITION', error.message, { cause: error })
  }
}

/** Where the fast path fails, the slow path fails too, and says why. */
function attempt(fastPath: FastPath, event: unknown): ReturnType<FastPath> {
  try {
    return fastPath(event)
  } catch {
    return bailOut
  }
}

/** The slow path: each step of the reference by itself. */
function checked(
  mapped: unknown,
  schema: PayloadSchema,
  standing: Standing,
  compatibility: boolean,
): Record<string, unknown> | InvalidPayload {
  const payload = removeEmptyValues(mapped, schema, !standing.keepsBlank)
  const exempt = isObject(payload) ? payload[exemptKey] : undefined
  arrifyFields(payload, schema)
  const result = validated(payload, schema, compatibility)
  if (exempt !== undefined && !(result instanceof InvalidPayload)) result[exemptKey] = exempt
  return result
}

/** By default a mapping that cannot work with an event is this event's fault. */
function mappedOrInvalid(
  { map, root }: CompiledMapping,
  schema: PayloadSchema | undefined,
  event: unknown,
  stats?: StatsContext,
): unknown {
  try {
    return map(event, stats)
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    const fields = root.kind === 'record' && isObject(event) ? root.entries : []
    const problems = fields.flatMap(([key, node]) => {
      const failure = failureOf(() => node.produce(event))
      const label = (schema && propertySchema(schema, key)?.title) ?? key
      return failure === undefined
        ? []
        : [problem(key, label, 'a value', 'missing', `could not be mapped: ${failure}`)]
    })
    return problems.length > 0
      ? new InvalidPayload(problems)
      : new InvalidPayload([], `The mapping could not be resolved: ${error.message}.`)
  }
}

function failureOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** An action without fields gets what the mapping gives. */
function rawPreparation(mapping: CompiledMapping, compatibility: boolean): Preparation {
  const prepare: Prepare = (event, stats) => {
    const mapped = mappedOrInvalid(mapping, undefined, event, stats)
    if (mapped instanceof InvalidPayload || isObject(mapped)) return mapped
    return new InvalidPayload([], `The mapping gives no object but ${typeName(mapped)}.`)
  }
  return {
    prepare: compatibility ? (event, stats) => mapping.map(event, stats) as Record<string, unknown> : prepare,
    prepareInBatch: compatibility
      ? (event, stats) => mapping.root.produce(event, stats) as Record<string, unknown>
      : prepare,
    map: mapping.map,
    mapping,
  }
}

/** Mapping keys that the runtime reads and that are no fields. */
const reservedKey =
  /^(__segment_internal_|enable_batching$|batch_(size|bytes|keys)$|(retlO|o)nMappingSave$|dynamicAuthSettings$|_metadata$)/

/** Whether a mapping may have this key although no field is called so. */
export const isReservedKey = (key: string): boolean => reservedKey.test(key)

function checkKeys(fields: object, mapping: unknown, path: string): void {
  if (!isObject(mapping) || Object.keys(fields).length === 0 || Object.hasOwn(mapping, rootDirectiveKey))
    return
  const unknown = Object.keys(mapping).filter(
    (key) => !Object.hasOwn(fields, key) && !isReservedKey(key) && !key.startsWith('@'),
  )
  const noSuchField = `the action has no such field; there are ${Object.keys(fields).join(', ')}`
  if (unknown.length > 0)
    throw new ConfigurationError(
      'INVALID_MAPPING',
      `${unknown.map((key) => `${path}.${key}`).join(', ')}: ${noSuchField}`,
      {
        problems: unknown.map((key) => ({
          path: `${path}.${key}`,
          code: 'INVALID_MAPPING',
          message: noSuchField,
        })),
      },
    )
}
