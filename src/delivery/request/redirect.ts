import { headerValue, rawHeaderValue } from './header-list'
import { NetworkError } from './network-error'
import type { Transport, WireRequest, WireResponse } from './transport'

const maxRedirects = 20

/** Statuses that name another address. */
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/** The last response of an exchange, and the address that it came from. */
export type Exchange = { readonly wire: WireResponse; readonly url: string }

/** What of redirects is allowed. */
export type RedirectPolicy = {
  readonly mode: 'follow' | 'error'
  /** Origins to which a request with a body may be passed on; true for any. */
  readonly origins: true | readonly string[]
}

/** Where a response sends the request on to, if it does. Vendors send the address in UTF-8, though headers are Latin-1. */
export function redirectTarget(wire: WireResponse): string | undefined {
  if (wire.status < 300 || !redirectStatuses.has(wire.status)) return undefined
  const location = rawHeaderValue(wire.rawHeaders, 'location')
  return location === undefined ? undefined : utf8(location)
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true })

function utf8(latin1: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters of Latin-1, all of them
  if (!/[\x80-\xff]/.test(latin1) || /[^\x00-\xff]/.test(latin1)) return latin1
  try {
    return utf8Decoder.decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)))
  } catch {
    return latin1
  }
}

/** Goes on from a response that is a redirect, until one is not. `deadline` in the milliseconds of `performance.now()`. */
export async function followRedirects(
  transport: Transport,
  first: WireRequest,
  redirected: WireResponse,
  policy: RedirectPolicy,
  deadline: number,
): Promise<Exchange> {
  let request = first
  let wire = redirected
  for (let count = 1; ; count++) {
    const target = redirectTarget(wire)
    if (target === undefined) return { wire, url: request.url }
    if (policy.mode === 'error') throw refused(wire.status, 'the request asks for none')
    if (count > maxRedirects) throw refused(wire.status, `it is one of more than ${maxRedirects}`)
    const next = redirectedRequest(request, wire.status, target, policy)
    const timeoutMs = Math.max(1, deadline - performance.now())
    wire = await transport.send({ ...next, timeoutMs })
    request = next
  }
}

const refused = (status: number, reason: string): NetworkError =>
  new NetworkError('REDIRECT', `a redirect (status ${status}) was not followed: ${reason}`, {
    isSent: true,
    responseStatus: status,
  })

/** Headers that say nothing about who asks: all others stay behind when a redirect leaves the origin. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

/**
 * The request that follows a redirect. One that would become a GET without its body (303, and 301 or 302 after a
 * POST) is not followed, since whatever answers it, nothing was delivered. Nor is one that would carry a body to
 * another origin, unless that is allowed. Where the origin changes, every header that could be a credential is left
 * out, whatever its name.
 */
function redirectedRequest(
  request: WireRequest,
  status: number,
  location: string,
  { origins }: RedirectPolicy,
): WireRequest {
  const from = new URL(request.url)
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (to === undefined || !/^https?:$/.test(to.protocol))
    throw refused(status, 'its location is no http or https address')
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  if (!isReading && (status === 303 || (status < 303 && request.method === 'POST')))
    throw refused(
      status,
      `it turns a ${request.method} into a GET, so nothing is delivered; check the address, which may lead to a page to sign in`,
    )
  const isLeaving = to.origin !== from.origin
  if (isLeaving && !isReading && origins !== true && !origins.includes(to.origin))
    throw refused(
      status,
      `it leads to another origin, ${to.origin}; where that is right, use it as the address, or let the destination allow it with redirectOrigins`,
    )
  to.hash = ''
  to.username = ''
  to.password = ''
  return { ...request, url: to.href, headers: isLeaving ? harmlessHeaders(request.headers) : request.headers }
}

const harmlessHeaders = (headers: readonly string[]): string[] =>
  [...harmless].flatMap((name) => {
    const value = headerValue(headers, name)
    return value === undefined ? [] : [name, value]
  })
