/** A whole reply. Small on purpose: the node SDK never reads it, and opens a socket for each that it cannot buffer. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The connection ends with this reply. */
  readonly isLast?: boolean
}

/** A request that is refused as a whole. SDKs drop the batch for 400 to 405, and send it again for 408, 429 and 503. */
export const failures = {
  invalid_json: [400, 'The body is not a JSON object with the fields of this route.'],
  empty_batch: [400, 'batch is empty.'],
  empty_batch_result: [400, 'No event of this request is valid.'],
  invalid_encoding: [400, 'The body cannot be decoded: send it plain, or as gzip, deflate or br.'],
  payload_too_large: [400, 'Exceed payload limit'],
  no_write_key: [
    400,
    'Send the write key as writeKey in the body, or as the user name of Basic authentication.',
  ],
  invalid_write_key: [401, 'No source has this write key.'],
  unauthorized: [401, 'The token was not accepted for this write key.'],
  source_disabled: [403, 'The source of this write key is switched off.'],
  not_found: [404, 'There is no such route: see /v1/batch, /v1/track and its like.'],
  method_not_allowed: [405, 'This route takes another method.'],
  too_slow: [408, 'The body did not arrive in time.'],
  queue_full: [429, 'The store is full; send again later.'],
  rate_limited: [429, 'This source sends more than its rate; send again later.'],
  overloaded: [429, 'Too many requests are under way; send again later.'],
  unavailable: [503, 'The events cannot be stored now; send again.'],
  shutting_down: [503, 'The server is shutting down; send again.'],
} as const satisfies Record<string, readonly [number, string]>

export type FailureCode = keyof typeof failures

const json = { 'content-type': 'application/json' }
const success: Reply = { status: 200, headers: json, body: '{"success":true}' }

/** Events that were not taken are listed up to here. */
const maxListed = 18

/** 200: what could be taken is stored. */
export function accepted(
  rejected: readonly { readonly index: number; readonly code: string }[],
  duplicates: number,
): Reply {
  if (rejected.length === 0 && duplicates === 0) return success
  const body = {
    success: true,
    ...(rejected.length > 0 && {
      rejected: rejected.slice(0, maxListed).map(({ index, code }) => ({ index, code })),
      rejectedCount: rejected.length,
    }),
    ...(duplicates > 0 && { duplicates }),
  }
  return { ...success, body: JSON.stringify(body) }
}

/** `retryAfterSeconds` goes with 429. */
export function failure(
  code: FailureCode,
  options: {
    readonly headers?: Readonly<Record<string, string>>
    readonly retryAfterSeconds?: number
    readonly isLast?: boolean
  } = {},
): Reply {
  const [status, message] = failures[code]
  const { headers, retryAfterSeconds, isLast } = options
  return {
    status,
    headers: {
      ...json,
      ...(retryAfterSeconds !== undefined && {
        'retry-after': String(retryAfterSeconds),
        'x-ratelimit-reset': String(retryAfterSeconds),
      }),
      ...headers,
    },
    body: JSON.stringify({ success: false, code, message }),
    ...(isLast === true && { isLast }),
  }
}

/** A JSON document. */
export const document = (value: unknown): Reply => ({
  status: 200,
  headers: json,
  body: JSON.stringify(value),
})
