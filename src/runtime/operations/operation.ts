import type { AuthTokens } from '../../contract/auth-data'
import { verdictOnError, verdictOnResult } from '../../delivery/perform'
import type { RequestClient } from '../../delivery/request/request-client'
import type { Fault, FieldProblem, Verdict } from '../../outcome'
import type { InvalidPayload } from '../../pipeline/prepare'
import { type ActionDeadlines, withinDeadline } from '../dispatch/action-deadline'
import { redactedFault } from '../open/connection-redact'
import { withoutNewTokens } from '../open/credentials'
import type { OpenConnection } from '../open/open-connection'
import type { RunningClock } from '../system-clock'

/** Why an operation failed, in the terms of outcomes. Holds no secret. */
export type OperationFailure = Fault & {
  readonly ok: false
  /** `invalid`: the input; `blocked`: the credentials; `retry`: try later; `unknown`: no answer came; else `rejected`. */
  readonly kind: 'invalid' | 'rejected' | 'retry' | 'unknown' | 'blocked'
  /** What is wrong with the input, for `invalid`. */
  readonly fields?: readonly FieldProblem[]
  /** Milliseconds that the destination asks to wait. */
  readonly afterMs?: number
}

/** What an operation on a connection came to. */
export type OperationResult<Value> = { readonly ok: true; readonly value: Value } | OperationFailure

/** What operations need of their runtime. */
export type OperationContext = { readonly clock: RunningClock; readonly deadlines: ActionDeadlines }

/** Calls a function of the definition with a request client of the connection. */
export type Operation = {
  readonly connection: OpenConnection
  readonly during: OperationContext
  /** What the function gets, beside `settings`, `auth` and the contexts. */
  readonly input: Readonly<Record<string, unknown>>
  readonly call: (request: RequestClient, input: object) => unknown
}

/**
 * Runs an operation within the limits of its connection and the time limit of actions; where the token is refused it is
 * renewed, and the operation runs once more. A response stands for its content, as in the framework. Never rejects.
 */
export async function runOperation(operation: Operation): Promise<OperationResult<unknown>> {
  const { connection } = operation
  const { credentials, limiter } = connection
  if (!limiter.tryAcquire()) await new Promise<void>((resolve) => limiter.acquire(resolve))
  try {
    const { result, reason } = await credentials.withFreshToken(
      () => attempt(operation, credentials.auth),
      (first) => !first.ok && first.status === 401,
    )
    if (reason === undefined || result.ok) return result
    return failureOf(withoutNewTokens(result as Verdict & OperationFailure, reason), connection)
  } finally {
    limiter.release()
  }
}

async function attempt(
  { connection, during: { clock, deadlines }, input, call }: Operation,
  auth: AuthTokens,
): Promise<OperationResult<unknown>> {
  const { context, settings, destination } = connection
  let verdict: Verdict
  try {
    const result = await withinDeadline(deadlines, (signal) => {
      const given = { features: {}, ...context, settings, auth, signal, ...input }
      return call(connection.client.with(connection.extendRequest?.(given), { signal }), given)
    })
    verdict = verdictOnResult(result, destination.classify, clock.now())
    if (verdict.kind === 'delivered') return { ok: true, value: contentOf(result) }
  } catch (error) {
    verdict = verdictOnError(error, destination.classify, clock.now())
  }
  return failureOf(verdict, connection)
}

/** The body of a response; anything else is the value itself. */
function contentOf(result: unknown): unknown {
  const { status, headers, data, content } = (result ?? {}) as Record<string, unknown>
  const isResponse = typeof status === 'number' && typeof headers === 'object'
  return isResponse ? (data ?? content) : result
}

function failureOf(verdict: Verdict, { redact }: OpenConnection): OperationFailure {
  if (verdict.kind === 'delivered' || verdict.kind === 'skipped')
    return badAnswer('the operation found nothing to do')
  return {
    ...verdict,
    ...redactedFault(verdict, redact),
    ok: false,
  }
}

/** The input does not fit its fields. */
export const invalidInput = ({ message, fields }: InvalidPayload): OperationFailure => ({
  ok: false,
  kind: 'invalid',
  owner: 'configuration',
  code: 'INVALID_PAYLOAD',
  message,
  fields,
})

/** The definition's function returned something that has no meaning. */
export const badAnswer = (message: string): OperationFailure => ({
  ok: false,
  kind: 'rejected',
  owner: 'destination',
  code: 'DESTINATION_BUG',
  message,
})

/** An error that the definition's function returned as a value. */
export function statedFailure(
  error: { readonly code?: unknown; readonly message?: unknown },
  { redact }: OpenConnection,
): OperationFailure {
  const code = typeof error.code === 'string' || typeof error.code === 'number' ? String(error.code) : ''
  return {
    ok: false,
    kind: 'rejected',
    owner: 'destination',
    code: redact.text(code) || 'UNKNOWN_ERROR',
    message: redact.text(String(error.message ?? 'the destination gave no reason')),
  }
}
