import type { Redact } from '../delivery/request/redact'

/** A request of an explanation, secrets masked. */
export type ExplainedRequest = {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** What came back, if the request was really sent. */
  readonly reply?: { readonly status: number; readonly body: string }
  /** Why nothing came back. */
  readonly error?: string
}

type Fetch = typeof fetch

/** A `fetch` that keeps what goes through it. Without `send` nothing leaves, and each request is answered 200 `{}`. */
export function recordRequests(
  send: Fetch | undefined,
  redact: Redact,
): { readonly fetch: Fetch; readonly requests: readonly ExplainedRequest[] } {
  const requests: ExplainedRequest[] = []
  const record = async (url: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const request: ExplainedRequest = {
      method: init.method ?? 'GET',
      url: redact.text(String(url)),
      headers: redact.headers(Object.fromEntries(new Headers(init.headers))),
      ...bodyOf(init.body, redact),
    }
    const position = requests.push(request) - 1
    if (send === undefined)
      return new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } })
    try {
      const response = await send(url, init)
      const body = redact.text(await response.clone().text())
      requests[position] = { ...request, reply: { status: response.status, body } }
      return response
    } catch (error) {
      requests[position] = { ...request, error: redact.text(messageOf(error)) }
      throw error
    }
  }
  return { fetch: record as Fetch, requests }
}

function bodyOf(body: unknown, redact: Redact): { body?: string } {
  if (body === undefined || body === null) return {}
  return { body: redact.text(body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)) }
}

/** `fetch` hides what went wrong in `cause`. */
const messageOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { message?: unknown } }
  return typeof cause?.message === 'string' ? cause.message : message
}
