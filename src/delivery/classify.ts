import type { Failure } from '../definition/execute-input'
import { isWaybillError } from '../errors'
import type { Fault, Verdict } from '../outcome'
import { retryAfterMs } from './retry-after'
import { vendorCode } from './vendor-code'

/** Statuses below 500 that pass by themselves. */
const passing = new Set([408, 423, 425, 429])
/** The destination refuses the credentials. */
const refusing = new Set([401, 403])
/** Codes of definition errors that say that this one event is at fault. */
const eventCodes = new Set([
  'PAYLOAD_VALIDATION_FAILED',
  'INVALID_AUDIENCE_MEMBERSHIP',
  'INVALID_CURRENCY_CODE',
])
const eventErrorNames = new Set(['AggregateAjvError', 'ValidationError'])

/** Whether a status says that the destination accepted. */
export const isAccepted = (status: number): boolean => status >= 200 && status < 300

/**
 * The one table from what came back to what it means: accepted, invalid, rejected, retry, unknown or blocked.
 * Platform policy of Segment for statuses; what waybill adds: 425 passes, 401 and 403 concern the credentials.
 */
export function classifyStatus(
  status: number,
  fault: Omit<Fault, 'owner' | 'status'>,
  afterMs?: number,
): Verdict {
  if (isAccepted(status)) return { kind: 'delivered', status }
  if (refusing.has(status)) return { kind: 'blocked', owner: 'configuration', status, ...fault }
  if (passing.has(status) || (status >= 500 && status !== 501))
    return {
      kind: 'retry',
      owner: 'destination',
      status,
      ...fault,
      ...(afterMs === undefined ? {} : { afterMs }),
    }
  return { kind: 'rejected', owner: status < 400 ? 'configuration' : 'destination', status, ...fault }
}

/** What a failed attempt tells, brought into one shape. */
export function failureOf(error: unknown): Failure {
  const { status, response } = error as { status?: unknown; response?: ResponseLike }
  const answer = typeof response?.status === 'number' ? response : undefined
  const ownStatus = typeof status === 'number' ? status : undefined
  const data = answer?.data ?? answer?.content
  const headers = answer?.headers?.toJSON?.()
  return {
    error,
    ...(ownStatus === undefined && answer === undefined ? {} : { status: ownStatus ?? answer?.status }),
    ...(data === undefined ? {} : { data }),
    ...(headers === undefined ? {} : { headers }),
  } as Failure
}

type ResponseLike = {
  status?: unknown
  data?: unknown
  content?: unknown
  headers?: { get?(name: string): string | null; toJSON?(): Record<string, string> }
}

/** The verdict on what `perform` threw. `now` in milliseconds since the epoch, for `Retry-After` dates. */
export function classifyError(error: unknown, now: number): Verdict {
  if (typeof error !== 'object' || error === null) return bug(`perform threw a ${typeof error}`)
  const { name, code, message, isSent, responseStatus } = error as Record<string, unknown>
  if (typeof isSent === 'boolean')
    return classifyNetwork(String(code), String(message), isSent, responseStatus)
  if (isWaybillError(error)) return bug(error.message)
  if (eventErrorNames.has(name as string) || eventCodes.has(code as string))
    return invalid(typeof code === 'string' ? code : 'PAYLOAD_VALIDATION_FAILED', String(message))
  const failure = failureOf(error)
  if (failure.status !== undefined) return classifyFailure(error, failure, now)
  if (typeof code === 'string' && /^(E[A-Z]|UND_ERR|CERT_)/.test(code))
    return classifyNetwork(code, String(message), true, undefined)
  return bug(`${typeof name === 'string' ? name : 'Error'} in perform: ${String(message)}`)
}

function classifyFailure(error: object, failure: Failure, now: number): Verdict {
  const { name, code, message } = error as Record<string, unknown>
  const isAnswer =
    name === 'HTTPError' ||
    (failure.status !== undefined && (error as { status?: unknown }).status === undefined)
  const status = failure.status as number
  const detail = vendorCode(failure.data)
  const fault = {
    code: isAnswer ? `HTTP_${status}` : typeof code === 'string' ? code : `HTTP_${status}`,
    message: isAnswer ? `the destination answered ${status}` : String(message),
    ...(detail === undefined ? {} : { vendorCode: detail }),
  }
  // An error that states a status of success is no success.
  if (isAccepted(status)) return { kind: 'rejected', owner: 'destination', status, ...fault }
  return classifyStatus(status, fault, retryAfterMs(headerOf(error, 'retry-after'), now))
}

const headerOf = (error: object, name: string): string | null =>
  (error as { response?: ResponseLike }).response?.headers?.get?.(name) ?? null

/** The verdict on a response that `perform` returned, which need not be one of success. */
export function classifyResponse(response: ResponseLike & { status: number }, now: number): Verdict {
  const { status } = response
  if (isAccepted(status)) return { kind: 'delivered', status }
  const detail = vendorCode(response.data ?? response.content)
  return classifyStatus(
    status,
    {
      code: `HTTP_${status}`,
      message: `the destination answered ${status}`,
      ...(detail === undefined ? {} : { vendorCode: detail }),
    },
    retryAfterMs(response.headers?.get?.('retry-after') ?? null, now),
  )
}

/** The verdict on one item of a multistatus answer. */
export function classifyItem(item: {
  status: number
  errortype?: string
  errormessage?: string
  body?: unknown
}): Verdict {
  const { status, errortype, errormessage } = item
  if (isAccepted(status)) return { kind: 'delivered', status }
  const code = errortype ?? `HTTP_${status}`
  const message = errormessage ?? `the destination answered ${status} for this item`
  if (eventCodes.has(code) && status === 400) return invalid(code, message)
  const detail = vendorCode(item.body)
  return classifyStatus(status, { code, message, ...(detail === undefined ? {} : { vendorCode: detail }) })
}

function classifyNetwork(code: string, message: string, isSent: boolean, responseStatus: unknown): Verdict {
  const fault = {
    owner: 'network' as const,
    code,
    message,
    ...(typeof responseStatus === 'number' ? { status: responseStatus } : {}),
  }
  return isSent ? { kind: 'unknown', ...fault } : { kind: 'retry', ...fault }
}

const invalid = (code: string, message: string): Verdict => ({
  kind: 'invalid',
  owner: 'event',
  code,
  message,
  fields: [],
})

const bug = (message: string): Verdict => ({
  kind: 'rejected',
  owner: 'destination',
  code: 'DESTINATION_BUG',
  message,
})
