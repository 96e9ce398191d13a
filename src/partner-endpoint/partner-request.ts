import { IntegrationError, InvalidAuthenticationError } from '../contract/errors'
import { type PartnerAccount, partnerTimeoutMs } from './settings'

/** A message as it goes over the wire: the whole Segment event, or a deletion. */
export type PartnerMessage = Readonly<Record<string, unknown>>

/** Code of the error that says that the endpoint's address cannot be used. */
export const invalidEndpoint = 'INVALID_ENDPOINT'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * The address of the endpoint, checked.
 * @throws IntegrationError INVALID_ENDPOINT when it is no address, not HTTPS (but on loopback), or holds credentials.
 */
export function partnerAddress(endpoint: string | undefined): string {
  const refuse = (problem: string) => new IntegrationError(`Endpoint: ${problem}`, invalidEndpoint, 400)
  let url: URL
  try {
    url = new URL(endpoint ?? '')
  } catch {
    throw refuse('enter the whole address that the partner gave you, beginning with https://')
  }
  if (url.username !== '' || url.password !== '')
    throw refuse('leave credentials out of the address; the API key goes in its own setting')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname)))
    throw refuse('the address has to begin with https://')
  return url.href
}

/**
 * The headers of every request (Segment, "Building a Subscription Webhook"): the key as user name of Basic
 * credentials with an empty password, and custom settings, if the partner has any, as base64 of JSON.
 * @throws InvalidAuthenticationError when the key is blank.
 */
export function partnerHeaders({
  apiKey,
  customSettings,
}: Pick<PartnerAccount, 'apiKey' | 'customSettings'>) {
  if (typeof apiKey !== 'string' || apiKey.trim() === '')
    throw new InvalidAuthenticationError('Enter the key that the partner gave you.')
  const hasSettings = customSettings !== undefined && Object.keys(customSettings).length > 0
  return {
    Accept: '*/*',
    Authorization: `Basic ${base64(`${apiKey}:`)}`,
    'Cache-Control': 'no-cache',
    'User-Agent': 'Segment.io/1.0',
    ...(hasSettings ? { 'X-Segment-Settings': base64(JSON.stringify(customSettings)) } : {}),
  }
}

/** The request options for one message. Redirects are not followed, since the key would travel along. */
export const partnerRequest = (account: PartnerAccount, message: PartnerMessage) => ({
  method: 'post' as const,
  headers: partnerHeaders(account),
  json: message,
  timeout: account.timeoutMs ?? partnerTimeoutMs,
  redirect: 'manual' as const,
  // Cloning an answer larger than 16 KB stalls the reference.
  skipResponseCloning: true,
})

/** Of UTF-8, unlike `btoa` alone. */
const base64 = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
