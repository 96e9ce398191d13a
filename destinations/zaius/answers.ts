import { type Classify, noResponseMark } from 'waybill'

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

/** The response with which a request failed may hold its JSON in either place. */
const bodyOf = ({ data, content }: { data?: unknown; content?: unknown }): unknown => data ?? content

/** The objects of a list that ODP refuses, by position, with its reason. */
export function invalidItems(
  response: { data?: unknown; content?: unknown },
  count: number,
): ReadonlyMap<number, string> {
  const items = new Map<number, string>()
  for (const invalid of invalidsOf(bodyOf(response))) {
    const position = member(invalid, 'event')
    const isPosition = Number.isInteger(position) && (position as number) >= 0 && (position as number) < count
    if (isPosition) items.set(position as number, reasonOf(invalid))
  }
  return items
}

const reasonOf = (invalid: unknown): string =>
  String(member(invalid, 'message') ?? member(invalid, 'reason') ?? 'invalid').slice(0, maxReasonLength)

/**
 * What the codes of ODP say beyond the status: whose fault a 400 is, what is wrong with a key, and that an order that
 * was sent without an answer must not be sent again, since the second would count too.
 */
export const classify: Classify = ({ status, data, error }, verdict) => {
  if (member(data, noResponseMark) === true && verdict.kind === 'retry')
    return { ...verdict, kind: 'unknown' }
  // What the test of credentials itself says is better than what the status says.
  if (verdict.kind === 'blocked' && error !== undefined && member(error, 'response') === undefined)
    return undefined
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
