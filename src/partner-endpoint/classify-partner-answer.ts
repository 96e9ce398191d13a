import type { Failure } from '../definition/execute-input'
import type { Verdict } from '../outcome'
import { isRedirect, partnerFault } from './partner-fault'
import { invalidEndpoint } from './partner-request'
import { noAnswer, notSent } from './post-messages'

/**
 * `classify` of every destination with a partner endpoint. Statuses mean what Segment's contract with partners says
 * (400 malformed, 401 and 403 the key, 501 this type of call is not supported), a redirect and an unusable address
 * block the connection, and the `message` of a JSON answer becomes the vendor code.
 */
export function classifyPartnerAnswer({ data, error }: Failure, verdict: Verdict): Verdict {
  if (verdict.kind === 'delivered' || verdict.kind === 'skipped') return verdict
  const { code, message } = verdict
  if (code === noAnswer) return { kind: 'unknown', owner: 'network', code, message }
  if (code === notSent) return { kind: 'retry', owner: 'network', code, message }
  if (code === invalidEndpoint) return { kind: 'blocked', owner: 'configuration', code, message }
  const status = (error as { response?: { status?: number } }).response?.status
  if (status === undefined) return verdict
  const { vendorCode: _otherMembers, ...plain } = verdict
  const fault = { ...plain, status, ...partnerFault(status, data) }
  return isRedirect(status) ? { ...fault, kind: 'blocked' } : (fault as Verdict)
}
