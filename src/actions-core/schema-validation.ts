import type { StatsContext } from '@segment/actions-core'
import type Ajv from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { JSONSchema4 } from 'json-schema'
import { arrifyFields } from '../pipeline/payload/empty-values'
import type { PayloadSchema } from '../pipeline/payload/payload-schema'

/** How a value is checked. */
export type ValidationOptions = {
  /** Accepted for compatibility. Schemas are told apart by what they say, so that equal names cannot mix them up. */
  schemaKey?: string
  /** Throw instead of returning false. Default true. */
  throwIfInvalid?: boolean
  statsContext?: StatsContext
  /** Properties that are put back after the check, whatever the schema says. */
  exempt?: string[]
}

let ajv: Ajv | undefined

/** Loaded with the first check. */
function validator(): Ajv {
  if (ajv !== undefined) return ajv
  const { default: Validator } = require('ajv') as typeof import('ajv')
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats')
  ajv = new Validator({
    coerceTypes: 'array',
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    removeAdditional: true,
    logger: false,
  })
  addFormats(ajv)
  ajv.addFormat('text', true)
  ajv.addFormat('date-like', isDateLike)
  return ajv
}

/** What dayjs reads as a time; digits alone count as seconds. */
function isDateLike(text: string): boolean {
  const dayjs = require('dayjs') as typeof import('dayjs')
  return String(Number(text)) === text ? dayjs.unix(Number(text)).isValid() : dayjs(text).isValid()
}

const bySchema = new WeakMap<object, ValidateFunction>()
/** The same schema is often generated anew. */
const byText = new Map<string, ValidateFunction>()
const maxTexts = 500

function compiled(schema: JSONSchema4): ValidateFunction {
  const known = bySchema.get(schema)
  if (known) return known
  const text = JSON.stringify(schema)
  const validate = byText.get(text) ?? compileSchema(schema)
  if (byText.size >= maxTexts) byText.delete(byText.keys().next().value as string)
  byText.set(text, validate)
  bySchema.set(schema, validate)
  return validate
}

function compileSchema(schema: JSONSchema4): ValidateFunction {
  const validate = validator().compile(schema)
  // The validator would keep every schema forever.
  validator().removeSchema(schema)
  return validate
}

/**
 * Checks a value against a schema, in place: coerces types, makes lists, drops what the schema does not know.
 * Throws an `AggregateAjvError` whose message names each field, or returns false.
 */
export function validateSchema(
  value: unknown,
  schema: JSONSchema4,
  options: ValidationOptions = {},
): boolean {
  const { throwIfInvalid = true, statsContext, exempt = [] } = options
  const object = value as Record<string, unknown>
  const exempted = exempt.map((key) => [key, object?.[key]] as const)
  const validate = compiled(schema)
  arrifyFields(value, schema as PayloadSchema)
  const isValid = validate(value)
  for (const [key, member] of exempted) if (member !== undefined) object[key] = member
  if (isValid || !throwIfInvalid || !validate.errors) return isValid
  statsContext?.statsClient?.incr('ajv.discard', 1, statsContext.tags)
  const { AggregateAjvError } =
    require('@segment/ajv-human-errors') as typeof import('@segment/ajv-human-errors')
  throw new AggregateAjvError(validate.errors)
}
