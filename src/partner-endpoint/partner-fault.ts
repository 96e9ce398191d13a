import type { Fault } from '../outcome'

/** The partner's text is for a person to read; longer ones are cut. */
const maxTextLength = 1_000

/** What a status that is no success means under the contract. `vendorCode` is the text of the partner. */
export type PartnerFault = Pick<Fault, 'code' | 'message'> & Partial<Pick<Fault, 'owner' | 'vendorCode'>>

/** What the contract says about a status, where it says more than HTTP does. */
const meanings: Readonly<Record<number, Pick<Fault, 'code' | 'message' | 'owner'>>> = {
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

const redirected: PartnerFault = {
  code: 'REDIRECTED',
  owner: 'configuration',
  message: 'the endpoint redirects elsewhere; ask the partner for its present address',
}

export const isRedirect = (status: number): boolean => status >= 300 && status < 400

/** Reads an answer: its status, and the `message` of a JSON body. */
export function partnerFault(status: number, data: unknown): PartnerFault {
  const plain = { code: `HTTP_${status}`, message: `the partner answered ${status}` }
  const meaning = isRedirect(status) ? redirected : (meanings[status] ?? plain)
  const text = (data as { message?: unknown } | null | undefined)?.message
  return typeof text === 'string' && text !== ''
    ? { ...meaning, vendorCode: text.slice(0, maxTextLength) }
    : meaning
}

/** The same in one line. */
export const faultText = ({ message, vendorCode }: PartnerFault): string =>
  vendorCode === undefined ? message : `${message}: ${vendorCode}`
