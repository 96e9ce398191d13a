/** How `retry` goes on. */
export type RetryOptions<T = unknown> = {
  /** Attempts in all, the first included. Default 2. */
  retries?: number
  /** Told of each attempt that threw; what it throws itself ends the retries. */
  onFailedAttempt?: (error: unknown, attempt: number) => PromiseLike<void> | void
  /** Told of each attempt that returned. Gives true when that is the result, false for another attempt. */
  shouldRetry?: (result: T, attempt: number) => PromiseLike<boolean> | boolean
}

const defaultAttempts = 2

/** Calls a function until it succeeds, without a pause between the attempts, which count from 1. */
export async function retry<T>(
  input: (attempt: number) => PromiseLike<T> | T,
  options?: RetryOptions<T>,
): Promise<T> {
  const attempts = options?.retries ?? defaultAttempts
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const result = await input(attempt)
      if (!options?.shouldRetry) return result
      const isDone = await options.shouldRetry(result, attempt)
      if (isDone || attempt >= attempts) return result
    } catch (error) {
      await options?.onFailedAttempt?.(error, attempt)
      if (!error || attempt >= attempts) throw error
    }
  }
  throw new Error('Exhausted all retries.')
}
