import type { ErrorCode, Problem } from '../errors'

/** A request that is answered with an error: the status, a code of docs/errors.md, and what to do. */
export class ApiError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503 | 504,
    readonly code: ErrorCode,
    message: string,
    readonly details: { readonly problems?: readonly Problem[]; readonly count?: number } = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }
}
