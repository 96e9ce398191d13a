import type { Classify } from 'waybill'

/** An answer of the API as far as it is looked at. */
export type Answer = {
  readonly status: number
  readonly data?: unknown
  /** `retry-after`, where the answer has it. */
  readonly headers?: { readonly 'retry-after': string }
  /** What it means for one object of a list. */
  readonly reason?: string | undefined
}

const maxReasonLength = 200

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

/** `detail.message`, with which ODP itself answers. */
const detailMessage = (data: unknown): string | undefined => {
  const message = member(member(data, 'detail'), 'message')
  return typeof message === 'string' ? message : undefined
}

const invalidsOf = (data: unknown): readonly unknown[] => {
  const invalids = member(member(data, 'detail'), 'invalids')
  return Array.isArray(invalids) ? invalids : []
}

/** The objects of a list that ODP refuses, by position, with its reason. */
export function invalidItems({ data }: Answer, count: number): ReadonlyMap<number, string> {
  const items = new Map<number, string>()
  for (const invalid of invalidsOf(data)) {
    const position = member(invalid, 'event')
    const isPosition = Number.isInteger(position) && (position as number) >= 0 && (position as number) < count
    if (isPosition) items.set(position as number, reasonOf(invalid))
  }
  return items
}

const reasonOf = (invalid: unknown): string =>
  String(member(invalid, 'message') ?? member(invalid, 'reason') ?? 'invalid').slice(0, maxReasonLength)

/** What went wrong, for one object of a list. */
export const messageOf = ({ status, reason }: Answer): string =>
  reason === undefined ? `ODP answered ${status}` : `ODP answered ${status}: ${reason}`

const noAnswerMark = 'noAnswer'

/** The answer that a failed request came to. One that has none stands for itself: other objects may have theirs. */
export function answerOf(error: unknown): Answer {
  const response = member(error, 'response')
  const status = member(response, 'status')
  if (typeof status === 'number') {
    const data = member(response, 'data') ?? member(response, 'content')
    const retryAfter = (member(response, 'headers') as Headers | undefined)?.get('retry-after')
    return { status, data, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) }
  }
  const isSent = member(error, 'isSent') !== false
  return {
    status: isSent ? 504 : 503,
    data: { [noAnswerMark]: isSent },
    reason: isSent ? 'no answer came' : 'the request could not be sent',
  }
}

/**
 * What the codes of ODP say beyond the status: whose fault a 400 is, what is wrong with a key, and that an order that
 * was sent without an answer must not be sent again, since the second would count too.
 */
export const classify: Classify = ({ status, data }, verdict) => {
  if (member(data, noAnswerMark) === true && verdict.kind === 'retry') return { ...verdict, kind: 'unknown' }
  if (verdict.kind === 'blocked') return { ...verdict, ...keyProblem(status, data) }
  if (verdict.kind !== 'rejected') return undefined
  if (status === 400 && invalidsOf(data).length > 0)
    return { ...verdict, owner: 'event', code: 'ODP_INVALID' }
  if (status === 413)
    return { ...verdict, owner: 'event', code: 'ODP_TOO_LONG', message: 'ODP takes no event of this length' }
  if (isElsewhere(status))
    return { ...verdict, owner: 'configuration', code: 'ODP_NOT_FOUND', message: notHere }
  return undefined
}

export const notHere = 'There is no ODP at this address; check the endpoint of the settings.'

/** Nothing is found here, or the address sends away to another. */
export const isElsewhere = (status: number | undefined): boolean =>
  status === 404 || (status !== undefined && status >= 300 && status < 400)

/** What a refused key means, or undefined when the status is not about keys. */
export function keyProblem(
  status: number | undefined,
  data: unknown,
): { code: string; message: string } | undefined {
  if (status !== 401 && status !== 403) return undefined
  if (detailMessage(data) !== undefined)
    return {
      code: 'ODP_PRIVATE_KEY_NEEDED',
      message:
        'ODP knows this key but does not let it do this. Enter the private API key of the account instead of the Tracking Identifier.',
    }
  return {
    code: 'ODP_KEY_REFUSED',
    message:
      'ODP does not know this key: check the Tracking Identifier and the region, and that the usage plan in Account Settings > APIs is not No Access.',
  }
}
