/** What a 403 can be about. */
export type Forbidden =
  /** Too much at a time, told as 403 (GitHub, Google, AWS). */
  | 'limit'
  /** A firewall or a proxy refuses this one request by its content: its page is HTML. */
  | 'firewall'
  /** The credentials, or what they allow. */
  | 'credentials'

type Header = (name: string) => string | null | undefined

const limitWords = /rate.?limit|too.?many.?requests|quota.?exceed|exceed\w*.{0,20}quota|throttl|slow.?down/i
const page = /^\s*<(!doctype|html|head|body)/i
const maxRead = 2_000

/** What a response with the status 403 is about, as far as its headers, its body and the error made of it tell. */
export function forbidden(header: Header, body: unknown, message: string): Forbidden {
  if (
    header('retry-after') ||
    ['x-ratelimit-remaining', 'ratelimit-remaining'].some((name) => header(name)?.trim() === '0')
  )
    return 'limit'
  const text = textOf(body)
  if (header('content-type')?.includes('text/html') || page.test(text)) return 'firewall'
  return limitWords.test(text) || limitWords.test(message) ? 'limit' : 'credentials'
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, maxRead)
  if (typeof body !== 'object' || body === null) return ''
  try {
    return JSON.stringify(body).slice(0, maxRead)
  } catch {
    return ''
  }
}
