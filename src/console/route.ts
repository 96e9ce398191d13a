import type { ErrorCode } from '../errors'
import { ApiError } from './api-error'
import type { Session } from './security/sessions'
import type { Permission } from './shapes'
import type { Caller, ConsoleSource } from './source'

/** One call of a route, everything checked that is the same for all routes. */
export type Call = {
  readonly source: ConsoleSource
  readonly session: Session
  readonly caller: Caller
  readonly request: Request
  /** A parameter of the path, decoded. */
  param(name: string): string
  query(name: string): string | undefined
  /** The body, an object. */
  readonly body: Readonly<Record<string, unknown>>
  has(permission: Permission): boolean
}

/** A route of the API. What it gives is sent as JSON; a `Response` as it is. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `:parameters`, below `/api`. */
  readonly path: string
  readonly permission: Permission
  /** Parameters that are understood; others are refused. */
  readonly query?: readonly string[]
  /** Bytes of the body. Default 64 KB. */
  readonly maxBytes?: number
  /** Status of success. Default 200. */
  readonly status?: 202
  run(call: Call): unknown
}

export const notFound = (message: string): ApiError => new ApiError(404, 'NOT_FOUND', message)

export const badRequest = (message: string, code: ErrorCode = 'INVALID_REQUEST'): ApiError =>
  new ApiError(400, code, message)

/** What was found, or 404. */
export function found<Value>(value: Value | undefined, message: string): Value {
  if (value === undefined) throw notFound(message)
  return value
}
