import { ActionError } from '../../../contract/errors'
import { InvalidMappingError, MappingError } from '../../../pipeline/mapping/mapping-error'

/** A mistake in a mapping; its message starts with the path of keys and directives. */
class ValidationError extends ActionError {
  constructor(message: string, stack: readonly string[] = []) {
    super(`/${stack.join('/')} ${message}.`)
  }
}

/** Several mistakes of one object: an `AggregateError` by name, which iterates over them. */
class MappingErrors extends ActionError {
  readonly errors: readonly Error[]
  constructor(errors: readonly Error[]) {
    super(`\n${errors.map((error) => `    ${error.name}: ${error.message}`).join('\n')}`)
    this.errors = errors
    Object.defineProperty(this, 'name', { value: 'AggregateError' })
  }
  [Symbol.iterator](): Iterator<Error> {
    return this.errors[Symbol.iterator]()
  }
}

function mistakesAsErrors({ mistakes, name, message }: InvalidMappingError): Error {
  const [first] = mistakes
  if (first === undefined) return name === 'TypeError' ? new TypeError(message) : new Error(message)
  const errors = mistakes.map((mistake) => new ValidationError(mistake.message, mistake.path))
  return name === 'AggregateError' ? new MappingErrors(errors) : (errors[0] as Error)
}

/** The error that the reference throws where the pipeline throws this one. */
export function asReferenceError(error: unknown): unknown {
  if (error instanceof InvalidMappingError) return mistakesAsErrors(error)
  return error instanceof MappingError ? (error.cause ?? new Error(error.message)) : error
}

/** Calls a function; what it throws is thrown as the reference's error. */
export function withReferenceErrors<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw asReferenceError(error)
  }
}
