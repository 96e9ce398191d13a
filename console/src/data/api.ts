/** What the server refused, in its words. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly count?: number,
    readonly problems?: readonly { readonly path: string; readonly message: string }[],
  ) {
    super(message)
  }
}

let onSignedOut: () => void = () => undefined
/** Calls back when the session has ended. */
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener
}

async function ask<Result>(path: string, init: RequestInit = {}): Promise<Result> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiFailure(0, 'UNREACHABLE', 'the server gives no answer; it may have stopped')
  }
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { code: string; message: string; count?: number; problems?: [] } }
    | undefined
  if (response.ok) return body as Result
  if (response.status === 401) onSignedOut()
  const {
    code = 'HTTP',
    message = `the server answered ${response.status}`,
    count,
    problems,
  } = body?.error ?? {}
  throw new ApiFailure(response.status, code, message, count, problems)
}

export const get = <Result>(path: string, signal?: AbortSignal): Promise<Result> =>
  ask<Result>(path, signal === undefined ? {} : { signal })

/** Every change has a key of its own, so that a repeated request changes nothing twice. */
export const post = <Result>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<Result> =>
  ask<Result>(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID?.() ?? String(Math.random()),
    },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  })

export const remove = <Result>(path: string): Promise<Result> =>
  ask<Result>(path, { method: 'DELETE', headers: { 'content-type': 'application/json' } })

/** `/api/x?a=1`, without what is empty. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}
