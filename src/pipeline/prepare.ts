import { ConfigurationError } from '../errors'
import type { FieldProblem } from '../outcome'
import { compileMapping } from './mapping/compile-mapping'
import { mappingRoot } from './mapping/directives/structure'
import { MappingError } from './mapping/mapping-error'
import type { MappingNode, Resolve } from './mapping/node'
import { isObject as isPlainObject } from './mapping/type-name'
import { type CheckValue, compileField } from './payload/compile-field'
import type { PayloadField, PayloadFields } from './payload/field-type'
import { PayloadProblems } from './payload/problems'
import { compileRequirements } from './payload/requirements'

const setOwn = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key !== '__proto__') target[key] = value
}

/** Why an event gives no payload. Carries no value of the event. */
export class InvalidPayload {
  readonly fields: readonly FieldProblem[]
  readonly message: string

  constructor(fields: readonly FieldProblem[], message = fields.map((field) => field.message).join(' ')) {
    this.fields = fields
    this.message = message
  }
}

/** Makes payloads of events; compiled once per subscription. */
export type Preparation = {
  /** Maps, empties, coerces and checks. The event stays as it is. */
  prepare(event: unknown): Record<string, unknown> | InvalidPayload
}

/** What decides a preparation. */
export type PreparationOptions = {
  readonly fields: Readonly<Record<string, unknown>>
  readonly mapping: unknown
  /** The sync mode of the mapping, for conditional requirements. */
  readonly syncMode?: string
  /** Reads mappings as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /** Report mapping keys that name no field. Default false: they are dropped. */
  readonly strictKeys?: boolean
  /** Where the mapping stands in the configuration, for messages. */
  readonly path?: string
}

/** Put back after the check, whatever the fields say. */
const exemptKey = 'dynamicAuthSettings'

/** Mapping keys that the runtime reads and that are no fields. */
const reservedKey =
  /^(__segment_internal_|enable_batching$|batch_(size|bytes|keys)$|(retlO|o)nMappingSave$|dynamicAuthSettings$|_metadata$)/

/**
 * Compiles mapping and fields into one function.
 * @throws ConfigurationError INVALID_MAPPING that lists every mistake with its path.
 */
export function compilePreparation(options: PreparationOptions): Preparation {
  const { fields, mapping = {}, path = 'mapping', compatibility = false } = options
  const payloadFields = fields as PayloadFields
  if (options.strictKeys) checkKeys(payloadFields, mapping, path)
  const { root, map } = compileMapping(isPlainObject(mapping) ? mapping : { only: mapping }, {
    compatibility,
    path,
  })
  if (Object.keys(fields).length === 0) return rawPreparation(map)
  const finish = compileFinish(payloadFields, options.syncMode)
  return isPlainObject(mapping) && root.kind === 'record'
    ? fieldwise(payloadFields, root.entries, finish)
    : wholesale(payloadFields, map, finish)
}

type Finish = (
  payload: Record<string, unknown>,
  problems: PayloadProblems,
) => Record<string, unknown> | InvalidPayload

type Entry = { readonly key: string; readonly resolve: Resolve; readonly check: CheckValue }

/** The usual case: each field has its own part of the mapping, so one pass makes the payload. */
function fieldwise(
  fields: PayloadFields,
  members: readonly (readonly [string, MappingNode])[],
  finish: Finish,
): Preparation {
  const entries = members.flatMap(([key, { produce }]): Entry[] => {
    const check = checkOf(fields, key)
    return check === undefined ? [] : [{ key, check, resolve: (event) => produce(mappingRoot(event)) }]
  })
  return {
    prepare(event) {
      const problems = new PayloadProblems()
      const payload: Record<string, unknown> = {}
      for (const { key, resolve, check } of entries) {
        const value = resolved(resolve, event, key, fields, problems)
        const checked = value === undefined ? undefined : check(value, key, problems)
        if (checked !== undefined) setOwn(payload, key, checked)
      }
      return finish(payload, problems)
    },
  }
}

/** Undefined for a key that is no field: what is mapped to it is dropped. */
function checkOf(fields: PayloadFields, key: string): CheckValue | undefined {
  if (Object.hasOwn(fields, key)) return compileField(fields[key] as PayloadField, key, true)
  return key === exemptKey ? (value) => value : undefined
}

function resolved(
  resolve: Resolve,
  event: unknown,
  key: string,
  fields: PayloadFields,
  problems: PayloadProblems,
): unknown {
  try {
    return resolve(event)
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    problems.brokenRule(
      key,
      fields[key]?.label ?? key,
      'a value',
      undefined,
      `could not be mapped: ${error.message}`,
    )
    return undefined
  }
}

/** A root directive makes the whole payload at once. */
function wholesale(fields: PayloadFields, resolve: Resolve, finish: Finish): Preparation {
  const checks = Object.entries(fields).map(([key, field]) => ({
    key,
    check: compileField(field, key, true),
  }))
  return {
    prepare(event) {
      const mapped = mappedWhole(resolve, event)
      if (mapped instanceof InvalidPayload) return mapped
      const problems = new PayloadProblems()
      const payload: Record<string, unknown> = {}
      for (const { key, check } of checks) {
        const checked = Object.hasOwn(mapped, key) ? check(mapped[key], key, problems) : undefined
        if (checked !== undefined) setOwn(payload, key, checked)
      }
      return finish(payload, problems)
    },
  }
}

/** An action without fields gets what the mapping gives. */
const rawPreparation = (resolve: Resolve): Preparation => ({
  prepare: (event) => mappedWhole(resolve, event),
})

function mappedWhole(resolve: Resolve, event: unknown): Record<string, unknown> | InvalidPayload {
  try {
    const mapped = resolve(event)
    return isPlainObject(mapped) ? mapped : new InvalidPayload([], 'the mapping does not give an object.')
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    return new InvalidPayload([], `The mapping could not be resolved: ${error.message}.`)
  }
}

/** What must be there in the end. */
function compileFinish(fields: PayloadFields, syncMode: string | undefined): Finish {
  const required = Object.entries(fields)
    .filter(([, field]) => field.required === true)
    .map(([key, field]) => ({ key, label: field.label ?? key }))
  const checkRequirements = compileRequirements(fields, syncMode)
  return (payload, problems) => {
    for (const { key, label } of required)
      if (payload[key] === undefined && !problems.list.some((problem) => problem.path === key))
        problems.missing(key, label)
    checkRequirements(payload, problems)
    return problems.list.length > 0 ? new InvalidPayload(problems.list) : payload
  }
}

function checkKeys(fields: PayloadFields, mapping: unknown, path: string): void {
  if (!isPlainObject(mapping) || Object.keys(fields).length === 0) return
  const unknown = Object.keys(mapping).filter(
    (key) => !Object.hasOwn(fields, key) && !reservedKey.test(key) && !key.startsWith('@'),
  )
  if (unknown.length > 0)
    throw new ConfigurationError(
      'INVALID_MAPPING',
      `${unknown.map((key) => `${path}.${key}`).join(', ')}: the action has no such field; there are ${Object.keys(fields).join(', ')}`,
    )
}
