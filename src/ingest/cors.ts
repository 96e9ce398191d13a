import type { Reply } from './reply'

const headerNames = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+(?: *, *[A-Za-z0-9!#$%&'*+.^_`|~-]+)*$/
const usualHeaders = 'authorization, content-type, x-retry-count'

/**
 * What lets a page of another origin read a reply. The exact origin with credentials, since an option of the browser
 * SDK sends them (we set and read no cookies); on errors too, else the SDK takes a refusal for a network fault.
 */
export const corsHeaders = (origin: string | undefined): Readonly<Record<string, string>> =>
  origin === undefined
    ? {}
    : {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'Retry-After, X-RateLimit-Reset',
        vary: 'Origin',
      }

/** The reply to a preflight: the headers that were asked for are allowed. */
export function preflight(allow: string, requestedHeaders: string | undefined): Reply {
  const allowed =
    requestedHeaders !== undefined && requestedHeaders.length < 1_000 && headerNames.test(requestedHeaders)
      ? requestedHeaders
      : usualHeaders
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': allow,
      'access-control-allow-headers': allowed,
      'access-control-max-age': '7200',
      allow,
    },
    body: '',
  }
}
