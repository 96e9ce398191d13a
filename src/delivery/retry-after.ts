/** Counts of seconds above this are times since the epoch, as most vendors give them; below, seconds from now. */
const epochSeconds = 1_000_000_000
/** And above this, milliseconds since the epoch. */
const epochMilliseconds = 1_000_000_000_000

const number = /^\d+(\.\d+)?$/
/** The parts of a list; the comma in an HTTP date is none of its commas. */
const parts = /\s*[A-Za-z]{3,9},[^,]+|[^,]+/g

/**
 * Milliseconds that a `Retry-After` header asks to wait: whole seconds or an HTTP date (RFC 9110, 10.2.3), and what
 * vendors make of it: a time since the epoch in seconds or milliseconds, or a list, since a proxy added its own, of which
 * the longest wait counts. A time that has passed means now. Anything else is undefined.
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const waits = (header?.match(parts) ?? [])
    .map((part) => waitMs(part.trim(), now))
    .filter((wait) => wait !== undefined)
  return waits.length === 0 ? undefined : Math.max(...waits)
}

function waitMs(text: string, now: number): number | undefined {
  if (number.test(text)) return numberMs(Number(text), now)
  if (!/^[A-Za-z]{3}/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}

function numberMs(value: number, now: number): number {
  if (value < epochSeconds) return Math.ceil(value * 1_000)
  const time = value < epochMilliseconds ? value * 1_000 : value
  return Math.min(Math.max(0, Math.ceil(time - now)), Number.MAX_SAFE_INTEGER)
}

const resetHeaders = ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset']

/**
 * Milliseconds that a response asks to wait: its `Retry-After`; on 429, where that is missing, the time at which the
 * rate limit starts anew (`RateLimit-Reset` counts seconds from now, `X-RateLimit-Reset` is a time with most
 * vendors, so the number's size tells).
 */
export function answerWaitMs(
  status: number,
  header: (name: string) => string | null | undefined,
  now: number,
): number | undefined {
  const asked = retryAfterMs(header('retry-after'), now)
  if (asked !== undefined || status !== 429) return asked
  for (const name of resetHeaders) {
    const text = header(name)?.trim()
    if (text && number.test(text)) return numberMs(Number(text), now)
  }
  return undefined
}
