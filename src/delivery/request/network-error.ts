import { type ClientErrorName, standFor } from '../../contract/error-class'
import { DefinitionError } from '../../errors'

/** Why no (complete) answer came. */
export type NetworkErrorCode =
  /** The deadline passed. */
  | 'ETIMEDOUT'
  /** The caller's signal fired. */
  | 'ABORTED'
  /** The answer is larger than the limit. */
  | 'RESPONSE_TOO_LARGE'
  /** The answer's body cannot be decompressed. */
  | 'RESPONSE_UNREADABLE'
  /** A redirect that is not followed: unexpected, one of too many, to another origin, or one that drops the body. */
  | 'REDIRECT'
  /** What the network stack says: ECONNREFUSED, ECONNRESET, ENOTFOUND, UND_ERR_SOCKET, CERT_HAS_EXPIRED ... */
  | (string & {})

/** A request that got no complete answer. `isSent` is false only when it certainly never left. */
export class NetworkError extends Error {
  readonly code: NetworkErrorCode
  readonly isSent: boolean
  /** The status, when the answer began but did not end. */
  readonly responseStatus?: number
  /** The error of the network stack. Not enumerable and not `cause`, since it may hold headers and bodies. */
  declare readonly reason: unknown

  constructor(
    code: NetworkErrorCode,
    message: string,
    options: { isSent: boolean; responseStatus?: number | undefined; reason?: unknown },
    standsFor: ClientErrorName = 'TimeoutError',
  ) {
    super(message)
    Object.defineProperties(this, {
      name: { value: code === 'ETIMEDOUT' ? 'TimeoutError' : 'NetworkError', configurable: true },
      reason: { value: options.reason },
    })
    this.code = code
    this.isSent = options.isSent
    if (code === 'ETIMEDOUT') standFor(this, standsFor)
    if (code === 'ABORTED') standFor(this, 'RequestClientError')
    if (options.responseStatus !== undefined) this.responseStatus = options.responseStatus
  }
}

/** The deadline passed before the last byte of the answer was in. */
export const timedOut = (timeoutMs: number, isSent: boolean, responseStatus?: number): NetworkError =>
  new NetworkError(
    'ETIMEDOUT',
    `no complete answer within ${Math.round(timeoutMs)} ms${responseStatus === undefined ? '' : ` (it began with status ${responseStatus})`}`,
    { isSent, responseStatus },
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
    ? new NetworkError('ETIMEDOUT', 'the signal of the request timed out', { isSent }, 'RequestTimeoutError')
    : new NetworkError('ABORTED', 'the request was aborted by its signal', { isSent })
}

/** Codes by which network stacks refuse a request that HTTP does not allow. */
const malformedCodes = new Set([
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_CHAR',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_HTTP_INVALID_HEADER_VALUE',
  'ERR_INVALID_PROTOCOL',
])

/** The definition made a request that HTTP does not allow. Says nothing of the values, which are personal. */
export const malformedRequest = (): DefinitionError =>
  new DefinitionError(
    'INVALID_DEFINITION',
    'the method, the path or a header of a request holds characters that HTTP does not allow there',
  )

/** Turns an error of the network stack into ours. `isWritten`: the request may have been begun. */
export function networkError(
  error: unknown,
  isWritten: boolean,
  responseStatus?: number,
): NetworkError | DefinitionError {
  if (error instanceof NetworkError || error instanceof DefinitionError) return error
  const root = rootOf(error)
  if (malformedCodes.has(root.code)) return malformedRequest()
  return new NetworkError(root.code, root.message, {
    isSent: responseStatus !== undefined || (isWritten && !isBeforeSending(error)),
    responseStatus,
    reason: error,
  })
}

/** Whether the response had begun when it went wrong, so that its status says what became of the request. */
export const isOfBody = (error: Error): error is NetworkError =>
  error instanceof NetworkError && error.responseStatus !== undefined

/** Codes of looking up a host, connecting to it and checking who it is, and of sockets that were closed before. */
const connectCodes =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|UND_ERR_(CONNECT_TIMEOUT|CLOSED|DESTROYED)|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH|INVALID_CA|UNABLE_TO_\w+|ERR_TLS_(CERT_ALTNAME_INVALID|HANDSHAKE_TIMEOUT)|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|\w*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME))|ERR_SOCKET_CLOSED|ERR_SOCKET_CLOSED_BEFORE_CONNECTION|ERR_STREAM_DESTROYED|ERR_STREAM_WRITE_AFTER_END|PRIVATE_ADDRESS)$/
/** How Node words an error of the system call `connect`, wherever the text was copied to. */
const connectMessage = /\b(connect|getaddrinfo) E[A-Z_]+\b/

const maxDepth = 8

/**
 * Whether an error can only come from before the request was sent: it or what caused it says so, and where several
 * addresses were tried, each of them.
 */
function isBeforeSending(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > maxDepth) return false
  const { code, syscall, message, errors, cause } = error as StackError
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((inner) => isBeforeSending(inner, depth + 1))
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  if (typeof code === 'string' && connectCodes.test(code)) return true
  if (typeof message === 'string' && connectMessage.test(message)) return true
  return isBeforeSending(cause, depth + 1)
}

const networkCodes =
  /^(ECONN\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|EPIPE|EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+|HPE_\w+)$/

/** Whether a code is one of a network stack rather than of a definition. */
export const isNetworkCode = (code: unknown): boolean =>
  typeof code === 'string' && (networkCodes.test(code) || connectCodes.test(code))

type StackError = { code?: unknown; message?: unknown; syscall?: unknown; cause?: unknown; errors?: unknown }
type RootError = { readonly code: string; readonly message: string }

const maxMessage = 200

/** What lies at the bottom: `fetch` and connections over several addresses hide it in `cause` and `errors`. */
function rootOf(error: unknown): RootError {
  let current = error as StackError | undefined
  for (let depth = 0; depth < 5 && current && typeof current.code !== 'string'; depth++) {
    const inner = Array.isArray(current.errors) ? current.errors[0] : current.cause
    if (typeof inner !== 'object' || inner === null) break
    current = inner as StackError
  }
  const code = typeof current?.code === 'string' ? current.code : 'NETWORK_ERROR'
  const text = typeof current?.message === 'string' ? current.message : ''
  // Stacks put whole requests into further lines.
  const line = (text.split('\n', 1)[0] as string).slice(0, maxMessage)
  return { code, message: line === '' ? code : line }
}
