import type { Failure } from '../definition/execute-input'
import type { Fault, Verdict } from '../outcome'
import { invalidEndpoint } from './partner-request'
import { noAnswer, notSent } from './post-messages'

/** The partner's text is for a person to read; longer ones are cut. */
const maxTextLength = 1_000

type Meaning = Pick<Fault, 'code' | 'message' | 'owner'>

/** What the contract says about a status, where it says more than HTTP does. */
const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: 'BAD_REQUEST', owner: 'event', message: 'the partner calls the message malformed' },
  401: { code: 'INVALID_AUTHENTICATION', owner: 'configuration', message: 'the partner refuses the key' },
  403: {
    code: 'FORBIDDEN',
    owner: 'configuration',
    message: 'the partner knows the key but forbids its use',
  },
  413: { code: 'PAYLOAD_REJECTED', owner: 'event', message: 'the message is too large for the partner' },
  501: {
    code: 'EVENT_NOT_SUPPORTED',
    owner: 'configuration',
    message: 'the partner does not take calls of this type',
  },
}

const redirected: Meaning = {
  code: 'REDIRECTED',
  owner: 'configuration',
  message: 'the endpoint redirects elsewhere; ask the partner for its present address',
}

/**
 * `classify` of every destination with a partner endpoint. Statuses mean what Segment's contract with partners says
 * (400 malformed, 401 and 403 the key, 501 this type of call is not supported), a redirect and an unusable address
 * block the connection, and the `message` of a JSON answer becomes the vendor code.
 */
export function classifyPartnerAnswer({ status, data, error }: Failure, verdict: Verdict): Verdict {
  if (verdict.kind === 'delivered' || verdict.kind === 'skipped') return verdict
  const { code, message } = verdict
  if (code === noAnswer) return { kind: 'unknown', owner: 'network', code, message }
  if (code === notSent) return { kind: 'retry', owner: 'network', code, message }
  if (code === invalidEndpoint) return { kind: 'blocked', owner: 'configuration', code, message }
  if (status === undefined || (error as { response?: unknown }).response === undefined) return verdict
  const { vendorCode: _otherMembers, ...plain } = verdict
  const isRedirect = status >= 300 && status < 400
  const meaning = isRedirect ? redirected : (meanings[status] ?? plainMeaning(status))
  const fault = { ...plain, ...meaning, ...textOf(data) }
  return isRedirect ? { ...fault, kind: 'blocked' } : (fault as Verdict)
}

const plainMeaning = (status: number): Pick<Fault, 'code' | 'message'> => ({
  code: `HTTP_${status}`,
  message: `the partner answered ${status}`,
})

function textOf(data: unknown): { vendorCode?: string } {
  const text = (data as { message?: unknown } | null | undefined)?.message
  return typeof text === 'string' && text !== '' ? { vendorCode: text.slice(0, maxTextLength) } : {}
}
