import type { Outcome } from 'waybill'
import type { RecordedRequest } from './recorder'

/** Headers that belong to a network stack, not to a destination. */
const ofTheStack = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'accept',
])

/**
 * Requests as far as two runtimes have to agree on them: JSON by its value, without headers of the stack and without
 * the idempotency keys of the outcomes, which the reference does not have.
 */
export function comparable(requests: readonly RecordedRequest[], outcomes: readonly Outcome[]): unknown[] {
  const keys = new Set<unknown>(outcomes.map(({ idempotencyKey }) => idempotencyKey))
  return requests.map(({ method, url, headers, body }) => ({
    method,
    url: new URL(url).href,
    headers: without(
      keys,
      Object.entries(headers)
        .filter(([name]) => !ofTheStack.has(name))
        .sort(),
    ),
    body: body === undefined || body === '' ? undefined : parsed(body, keys),
  }))
}

const without = (values: ReadonlySet<unknown>, members: readonly (readonly [string, unknown])[]) =>
  Object.fromEntries(members.filter(([, value]) => !values.has(value)))

function parsed(body: string, keys: ReadonlySet<unknown>): unknown {
  try {
    return JSON.parse(body, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? without(keys, Object.entries(value))
        : value,
    )
  } catch {
    return body
  }
}
