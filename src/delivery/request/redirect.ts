import { headerValue, rawHeaderValue, removeHeader } from './header-list'
import { NetworkError } from './network-error'
import type { Transport, WireRequest, WireResponse } from './transport'

const maxRedirects = 20

/** Statuses that name another address. */
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/** The last answer of an exchange, and the address that it came from. */
export type Exchange = { readonly wire: WireResponse; readonly url: string }

/** Where an answer sends the request on to, if it does. */
export function redirectTarget(wire: WireResponse): string | undefined {
  if (wire.status < 300 || !redirectStatuses.has(wire.status)) return undefined
  return rawHeaderValue(wire.rawHeaders, 'location')
}

/** Goes on from an answer that is a redirect, until one is not. `deadline` in the milliseconds of `performance.now()`. */
export async function followRedirects(
  transport: Transport,
  first: WireRequest,
  redirected: WireResponse,
  policy: 'follow' | 'error',
  deadline: number,
): Promise<Exchange> {
  let request = first
  let wire = redirected
  for (let count = 1; ; count++) {
    const target = redirectTarget(wire)
    if (target === undefined) return { wire, url: request.url }
    if (policy === 'error' || count > maxRedirects) throw unexpectedRedirect(wire.status)
    const next = redirectedRequest(request, wire.status, target)
    const timeoutMs = Math.max(1, deadline - performance.now())
    // Once a call with a body has become a GET, the destination has taken the body.
    const isTaken = next.method !== first.method
    wire = await transport.send({ ...next, timeoutMs }).catch((error: unknown) => {
      throw isTaken && error instanceof NetworkError ? asSent(error) : error
    })
    request = next
  }
}

const unexpectedRedirect = (status: number): NetworkError =>
  new NetworkError('REDIRECT', `unexpected redirect (status ${status})`, {
    isSent: true,
    responseStatus: status,
  })

const asSent = ({ code, message, responseStatus, reason }: NetworkError): NetworkError =>
  new NetworkError(code, message, { isSent: true, responseStatus, reason })

/** Headers that say nothing about who asks: all others stay behind when a redirect leaves the origin. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

/**
 * The request that follows a redirect. 303, and 301 or 302 after a POST, become a GET without body. Where the
 * origin changes, every header that could be a credential is left out, whatever its name.
 */
function redirectedRequest(request: WireRequest, status: number, location: string): WireRequest {
  const from = new URL(request.url)
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (to === undefined || !/^https?:$/.test(to.protocol)) throw unexpectedRedirect(status)
  const isRepeatable = request.method === 'GET' || request.method === 'HEAD'
  const becomesGet = !isRepeatable && (status === 303 || (status < 303 && request.method === 'POST'))
  let headers = [...request.headers]
  if (becomesGet) removeHeader(headers, 'content-type')
  if (to.origin !== from.origin) headers = harmlessHeaders(headers)
  to.hash = ''
  to.username = ''
  to.password = ''
  return { ...request, url: to.href, headers, ...(becomesGet ? { method: 'GET', body: undefined } : {}) }
}

const harmlessHeaders = (headers: readonly string[]): string[] =>
  [...harmless].flatMap((name) => {
    const value = headerValue(headers, name)
    return value === undefined ? [] : [name, value]
  })
