import { ActionError } from '../../../contract/errors'

/** A mistake in a mapping; its message starts with the path of keys and directives. */
export class ValidationError extends ActionError {
  constructor(message: string, stack: readonly string[] = []) {
    super(`/${stack.join('/')} ${message}.`)
  }
}

/** Several mistakes of one object: an `AggregateError` by name, which iterates over them. */
export class MappingErrors extends ActionError {
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

/** Runs all checks, and throws what they threw as one error. */
export function collectErrors(checks: Iterable<() => void>): void {
  const errors: Error[] = []
  for (const check of checks)
    try {
      check()
    } catch (error) {
      if (error instanceof MappingErrors) errors.push(...error.errors)
      else errors.push(error as Error)
    }
  if (errors.length > 0) throw new MappingErrors(errors)
}
