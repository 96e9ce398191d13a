import { IntegrationError, InvalidAuthenticationError, RetryableError } from '../contract/errors'
import { faultText, isRedirect, partnerFault } from './partner-fault'

/** Statuses below 500 that pass by themselves. */
const passing = new Set([408, 423, 425, 429])

/** What network stacks and the reference's request client call a request without an answer. */
const networkCode = /^(E[A-Z_]+|UND_ERR_\w+|REQUESTTIMEOUTERROR|REQUESTCLIENTERROR)$/

type Thrown = { code?: unknown; isSent?: unknown; response?: { status: number; data?: unknown } }

/**
 * What a failed post means, as the error that every runtime of actions understands: `InvalidAuthenticationError`,
 * `RetryableError`, or `IntegrationError` for what stays refused, each with the partner's own text. Waybill's network
 * errors, which know whether anything was sent, and faults of another kind stay as they are.
 */
export function partnerError(error: unknown): unknown {
  const { code, isSent, response } = error as Thrown
  if (response !== undefined) return answerError(response)
  if (isSent !== undefined || !networkCode.test(String(code))) return error
  const isLate = /TIMEDOUT|TIMEOUT/.test(String(code))
  return new RetryableError(`no answer from the endpoint (${String(code)})`, isLate ? 504 : 500)
}

function answerError(response: { status: number; data?: unknown }): Error {
  const { status } = response
  const fault = partnerFault(status, response.data)
  const error = errorOf(status, fault.code, faultText(fault))
  // Waybill reads status, body and Retry-After here. Not enumerable, so that printing the error shows no body.
  return Object.defineProperty(error, 'response', { value: response })
}

function errorOf(status: number, code: string, text: string): Error {
  if (status === 401) return new InvalidAuthenticationError(text, code)
  if (passing.has(status) || (status >= 500 && status !== 501)) return new RetryableError(text, status)
  // An error that states a redirect would look like neither success nor failure.
  return new IntegrationError(text, code, isRedirect(status) ? 400 : status)
}
