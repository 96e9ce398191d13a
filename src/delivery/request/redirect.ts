import type { WireRequest } from './transport'

/** Statuses that name another address. */
const redirectStatuses = new Set([301, 302, 303, 307, 308])

export const isRedirect = (status: number): boolean => redirectStatuses.has(status)

/** Headers that say nothing about who asks: all others stay behind when a redirect leaves the origin. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

/**
 * The request that follows a redirect. 303, and 301 or 302 after a POST, become a GET without body. Where the
 * origin changes, every header that could be a credential is left out, whatever its name.
 */
export function followRedirect(request: WireRequest, status: number, location: string): WireRequest {
  const from = new URL(request.url)
  const to = new URL(location, from)
  const becomesGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST')
  const headers = { ...request.headers }
  if (becomesGet) delete headers['content-type']
  if (to.origin !== from.origin)
    for (const name of Object.keys(headers)) if (!harmless.has(name)) delete headers[name]
  return {
    ...request,
    url: to.href,
    headers,
    ...(becomesGet ? { method: 'GET', body: undefined } : {}),
  }
}
