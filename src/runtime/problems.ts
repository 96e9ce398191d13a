import { ConfigurationError, type ErrorCode, isWaybillError } from '../errors'

/** Collects everything that is wrong with a configuration, so that it can be said at once. */
export type Problems = {
  add(path: string, code: ErrorCode, message: string): void
  /** Runs `open`; a configuration error in it is collected, and the result is undefined. */
  attempt<Result>(path: string, open: () => Result): Result | undefined
  /** @throws ConfigurationError when anything was collected. */
  throwIfAny(): void
}

/** Creates an empty collection. */
export function createProblems(): Problems {
  const errors: ConfigurationError[] = []
  return {
    add(path, code, message) {
      errors.push(new ConfigurationError(code, message, { path }))
    },
    attempt(path, open) {
      try {
        return open()
      } catch (error) {
        if (!isWaybillError(error)) throw error
        errors.push(
          error.path?.startsWith(path)
            ? error
            : new ConfigurationError(error.code, error.message, { path, cause: error }),
        )
        return undefined
      }
    },
    throwIfAny() {
      const [first, ...others] = errors
      if (first === undefined) return
      if (others.length === 0) throw first
      throw new ConfigurationError(
        'INVALID_CONFIGURATION',
        `${errors.length} problems:\n${errors.map((error) => `  - ${error.message}`).join('\n')}`,
        { cause: first },
      )
    },
  }
}
