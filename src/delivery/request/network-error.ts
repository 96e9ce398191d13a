/** Why no (complete) answer came. */
export type NetworkErrorCode =
  /** The deadline passed. */
  | 'ETIMEDOUT'
  /** The caller's signal fired. */
  | 'ABORTED'
  /** The answer is larger than the limit. */
  | 'RESPONSE_TOO_LARGE'
  /** What the network stack says: ECONNREFUSED, ECONNRESET, ENOTFOUND, UND_ERR_SOCKET, CERT_HAS_EXPIRED ... */
  | (string & {})

/** A request that got no complete answer. `isSent` is false only when it certainly never left. */
export class NetworkError extends Error {
  readonly code: NetworkErrorCode
  readonly isSent: boolean
  /** The status, when the answer began but did not end. */
  readonly responseStatus?: number

  constructor(
    code: NetworkErrorCode,
    message: string,
    options: { isSent: boolean; responseStatus?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = code === 'ETIMEDOUT' ? 'TimeoutError' : 'NetworkError'
    this.code = code
    this.isSent = options.isSent
    if (options.responseStatus !== undefined) this.responseStatus = options.responseStatus
  }
}

/** The deadline passed before the last byte of the answer was in. */
export const timedOut = (timeoutMs: number, isSent: boolean, responseStatus?: number): NetworkError =>
  new NetworkError(
    'ETIMEDOUT',
    `no complete answer within ${timeoutMs} ms${responseStatus === undefined ? '' : ` (it began with status ${responseStatus})`}`,
    { isSent, ...(responseStatus === undefined ? {} : { responseStatus }) },
  )

/** The answer is larger than the limit; its connection was closed. */
export const tooLarge = (maxResponseBytes: number, responseStatus: number): NetworkError =>
  new NetworkError(
    'RESPONSE_TOO_LARGE',
    `the answer (status ${responseStatus}) is larger than ${maxResponseBytes} bytes; raise limits.maxResponseBytes if that is expected`,
    { isSent: true, responseStatus },
  )

/** The caller's signal fired; a signal made by `AbortSignal.timeout` counts as a time-out. */
export function aborted(signal: AbortSignal, isSent: boolean): NetworkError {
  const reason: unknown = signal.reason
  return (reason as { name?: unknown } | undefined)?.name === 'TimeoutError'
    ? new NetworkError('ETIMEDOUT', 'the signal of the request timed out', { isSent })
    : new NetworkError('ABORTED', 'the request was aborted by its signal', { isSent })
}

/** Codes of failures that happen before a request is written. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Turns an error of the network stack into ours. `isWritten`: the request is known to have been begun. */
export function networkError(error: unknown, isWritten: boolean): NetworkError {
  if (error instanceof NetworkError) return error
  const { code, message } = rootOf(error)
  const isSent = isWritten && !beforeSending.has(code)
  return new NetworkError(code, message, { isSent, cause: error })
}

/** `fetch` and happy-eyeballs connections hide the truth in `cause` and `errors`. */
function rootOf(error: unknown): { code: string; message: string } {
  let current = error as { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown } | undefined
  for (let depth = 0; depth < 5 && current && typeof current.code !== 'string'; depth++) {
    const inner = Array.isArray(current.errors) ? current.errors[0] : current.cause
    if (typeof inner !== 'object' || inner === null) break
    current = inner as typeof current
  }
  const code = typeof current?.code === 'string' ? current.code : 'NETWORK_ERROR'
  const message = typeof current?.message === 'string' && current.message !== '' ? current.message : code
  return { code, message }
}
