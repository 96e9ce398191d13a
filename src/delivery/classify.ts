import type { Failure } from '../definition/execute-input'
import { isWaybillError } from '../errors'
import type { Fault, Verdict } from '../outcome'
import { forbidden } from './forbidden'
import { isNetworkCode, NetworkError, networkError } from './request/network-error'
import { answerWaitMs } from './retry-after'
import { parsed, vendorCode } from './vendor-code'

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

const maxMessage = 500

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

type ResponseLike = {
  status?: unknown
  data?: unknown
  content?: unknown
  headers?: { get?(name: string): string | null; toJSON?(): Record<string, string> }
}

/** What a failed attempt tells, brought into one shape. */
export function failureOf(error: unknown): Failure {
  const { status, response, responseStatus } = (error ?? {}) as Record<string, unknown>
  const answer =
    typeof (response as ResponseLike | undefined)?.status === 'number'
      ? (response as ResponseLike & { status: number })
      : undefined
  const stated = [status, answer?.status, responseStatus].find((value) => typeof value === 'number')
  const headers = answer?.headers?.toJSON?.()
  const data = dataOf(answer)
  return {
    error,
    ...(stated === undefined ? {} : { status: stated as number }),
    ...(data === undefined ? {} : { data }),
    ...(headers === undefined ? {} : { headers }),
  }
}

/** The body, parsed also where its type is JSON of a kind (`application/problem+json`) that responses give as text. */
function dataOf(answer: ResponseLike | undefined): unknown {
  const data = answer?.data ?? answer?.content
  const isJson = typeof data === 'string' && /[+/]json/i.test(answer?.headers?.get?.('content-type') ?? '')
  return isJson ? (parsed(data) ?? data) : data
}

/** The verdict on what `perform` threw. `now` in milliseconds since the epoch, for `Retry-After` dates. */
export function classifyError(error: unknown, now: number): Verdict {
  if (typeof error !== 'object' || error === null) return bug(`perform threw a ${typeof error}`)
  const { name, code, message, isSent } = error as Record<string, unknown>
  if (typeof isSent === 'boolean') return classifyNetwork(error as NetworkError)
  if (isWaybillError(error)) return bug(error.message)
  if (eventErrorNames.has(name as string) || eventCodes.has(code as string)) return invalid(error)
  const failure = failureOf(error)
  if (failure.status !== undefined) return classifyFailure(error, failure, failure.status, now)
  if (isFromNetwork(error)) {
    // From a client of the definition's own: it counts as sent unless the error says otherwise.
    const network = networkError(error, true)
    return network instanceof NetworkError ? classifyNetwork(network) : bug(network.message)
  }
  // A parser's message quotes the text that it could not read.
  if (name === 'SyntaxError') return bug('SyntaxError in perform: a text could not be parsed')
  return bug(`${typeof name === 'string' ? name : 'Error'} in perform: ${String(message)}`)
}

/** `fetch` puts the code into `cause`. */
const isFromNetwork = (error: { code?: unknown; cause?: { code?: unknown } }): boolean =>
  isNetworkCode(error.code) || isNetworkCode(error.cause?.code)

function classifyFailure(error: object, failure: Failure, status: number, now: number): Verdict {
  const { name, code, message, response } = error as Record<string, unknown> & { response?: ResponseLike }
  const isAnswer = name === 'HTTPError' || (error as { status?: unknown }).status === undefined
  const fault = isAnswer
    ? answerFault(status, failure.data)
    : {
        ...answerFault(status, failure.data),
        ...(typeof code === 'string' ? { code } : {}),
        message: short(message),
      }
  // An error that states a status of success is no success.
  if (isAccepted(status)) return { kind: 'rejected', owner: 'destination', status, ...fault }
  return classifyRead(status, fault, (name) => response?.headers?.get?.(name), failure.data, now)
}

/** The verdict on a response whose headers and body are there to be read. */
function classifyRead(
  status: number,
  fault: Omit<Fault, 'owner' | 'status'>,
  header: (name: string) => string | null | undefined,
  body: unknown,
  now: number,
): Verdict {
  const afterMs = answerWaitMs(status, header, now)
  const about = status === 403 ? forbidden(header, body, fault.message) : undefined
  if (about === 'firewall')
    return {
      kind: 'rejected',
      owner: 'destination',
      status,
      ...fault,
      message: `${fault.message} with a page, as firewalls do: it refuses this request, not the credentials`,
    }
  if (about === 'limit')
    return {
      kind: 'retry',
      owner: 'destination',
      status,
      ...fault,
      ...(afterMs !== undefined && { afterMs }),
    }
  return classifyStatus(status, fault, afterMs)
}

/** The verdict on a response that `perform` returned, which need not be one of success. */
export function classifyResponse(response: ResponseLike & { status: number }, now: number): Verdict {
  const { status } = response
  if (isAccepted(status)) return { kind: 'delivered', status }
  const body = response.data ?? response.content
  return classifyRead(status, answerFault(status, body), (name) => response.headers?.get?.(name), body, now)
}

function answerFault(status: number, body: unknown): Omit<Fault, 'owner' | 'status'> {
  const detail = vendorCode(body)
  return {
    code: `HTTP_${status}`,
    message: `the destination answered ${status}`,
    ...(detail === undefined ? {} : { vendorCode: detail }),
  }
}

/** The verdict on one item of a multistatus answer. `now` in milliseconds since the epoch, for `Retry-After` dates. */
export function classifyItem(
  item: {
    status: number
    errortype?: string
    errormessage?: string
    body?: unknown
    headers?: Readonly<Record<string, string>>
  },
  now: number,
): Verdict {
  const { status, errortype: code, errormessage: message, headers } = item
  if (isAccepted(status)) return { kind: 'delivered', status }
  if (status === 400 && code !== undefined && eventCodes.has(code)) return invalid({ code, message })
  const fault = {
    ...answerFault(status, item.body),
    ...(code === undefined ? {} : { code }),
    message: message === undefined ? `the destination answered ${status} for this item` : short(message),
  }
  return classifyRead(status, fault, (name) => headers?.[name], item.body, now)
}

/**
 * Not sent: again. Sent without an answer: unknown. Where an answer began with a refusal but did not end, its status
 * says what it means.
 */
function classifyNetwork({ code, message, isSent, responseStatus }: NetworkError): Verdict {
  const fault = { code: String(code), message: short(message) }
  if (typeof responseStatus === 'number' && !isAccepted(responseStatus))
    return classifyStatus(responseStatus, fault)
  if (code === 'PRIVATE_ADDRESS' || code === 'INVALID_PROXY')
    return { kind: 'rejected', owner: 'configuration', ...fault }
  const status = typeof responseStatus === 'number' ? { status: responseStatus } : {}
  return { kind: isSent ? 'unknown' : 'retry', owner: 'network', ...fault, ...status }
}

function invalid(error: object): Verdict {
  const { code, message } = error as Record<string, unknown>
  return {
    kind: 'invalid',
    owner: 'event',
    code: typeof code === 'string' ? code : 'PAYLOAD_VALIDATION_FAILED',
    message: short(message ?? 'the event does not fit the action'),
    fields: [],
  }
}

const bug = (message: string): Verdict => ({
  kind: 'rejected',
  owner: 'destination',
  code: 'DESTINATION_BUG',
  message: short(message),
})

const short = (message: unknown): string => {
  const text = String(message)
  return text.length > maxMessage ? `${text.slice(0, maxMessage - 1)}…` : text
}
