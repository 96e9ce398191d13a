import type { FieldProblem } from '../../outcome'
import { checkPayload, type SchemaError } from './check-payload'
import { fieldProblems } from './field-problems'
import type { PayloadSchema } from './payload-schema'

/** Why an event gives no payload. Carries no value of the event. */
export class InvalidPayload {
  readonly fields: readonly FieldProblem[]
  /** All problems, one sentence each; in compatibility mode the reference's words. */
  readonly message: string
  /** In compatibility mode the error that the reference throws: an `AggregateAjvError`. */
  readonly error?: Error

  constructor(
    fields: readonly FieldProblem[],
    message = fields.map((field) => field.message).join(' '),
    error?: Error,
  ) {
    this.fields = fields
    this.message = message
    if (error !== undefined) this.error = error
  }
}

/** The reference's error for broken rules. */
export function aggregateError(errors: readonly SchemaError[]): Error {
  const { AggregateAjvError } =
    require('@segment/ajv-human-errors') as typeof import('@segment/ajv-human-errors')
  return new AggregateAjvError(errors as never)
}

/** Coerces and checks a payload in place; gives it back, or what is wrong with it. */
export function validated(
  payload: unknown,
  schema: PayloadSchema,
  compatibility: boolean,
): Record<string, unknown> | InvalidPayload {
  const errors = checkPayload(schema, payload, compatibility)
  if (errors.length === 0) return payload as Record<string, unknown>
  const problems = fieldProblems(errors, schema)
  if (!compatibility) return new InvalidPayload(problems)
  const error = aggregateError(errors)
  return new InvalidPayload(problems, error.message, error)
}
