import {
  ConfigurationError,
  type ErrorCode,
  isWaybillError,
  type Problem,
  type WaybillError,
} from '../../errors'

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
  const errors: WaybillError[] = []
  return {
    add(path, code, message) {
      errors.push(new ConfigurationError(code, message, { path }))
    },
    attempt(path, open) {
      try {
        return open()
      } catch (error) {
        if (!isWaybillError(error)) throw error
        errors.push(placed(error, path))
        return undefined
      }
    },
    throwIfAny() {
      const [first, ...others] = errors
      if (first === undefined) return
      const problems = errors.flatMap((error) => error.problems)
      if (others.length === 0) throw first
      throw new ConfigurationError(
        'INVALID_CONFIGURATION',
        `${problems.length} problems:\n${problems.map((problem) => `  - ${problemText(problem)}`).join('\n')}`,
        { cause: first, problems },
      )
    },
  }
}

/** A problem in one line. */
export const problemText = ({ path, message }: Problem): string =>
  path === '' ? message : `${path}: ${message}`

/** An error with its place: that of something that does not know where it stands gets one. */
function placed(error: WaybillError, base: string): WaybillError {
  const isPlaced = error.problems.every((problem) => problem.path.startsWith(base))
  if (isPlaced && error.message.includes(base)) return error
  const problems = isPlaced
    ? error.problems
    : error.problems.map((problem) => ({
        ...problem,
        path: problem.path === '' ? base : `${base}.${problem.path}`,
      }))
  return new ConfigurationError(error.code, error.message, { path: base, cause: error, problems })
}
