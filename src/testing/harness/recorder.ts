import { bodyText, noAnswer, type Reply } from './reply'

/** A request as it goes on the wire, credentials included. */
export type RecordedRequest = {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request and what it was answered. */
export type RecordedCall = { readonly request: RecordedRequest; readonly reply: Reply }

/** Stands in for the network: a `fetch` for the runtime that keeps every request and answers at once. */
export type Recorder = { readonly fetch: typeof fetch; readonly calls: readonly RecordedCall[] }

/** Creates a recorder. `replyTo` is asked once for each request, in their order. */
export function createRecorder(replyTo: (request: RecordedRequest) => Reply): Recorder {
  const calls: RecordedCall[] = []
  const record = async (url: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const body = textOf(init.body)
    const request: RecordedRequest = {
      method: init.method ?? 'GET',
      url: String(url),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(body === undefined ? {} : { body }),
    }
    const reply = replyTo(request)
    calls.push({ request, reply })
    if (reply === 'time-out') throw noAnswer()
    const hasBody = ![204, 205, 304].includes(reply.status)
    return new Response(hasBody ? bodyText(reply) : null, {
      status: reply.status,
      headers: { 'content-type': 'application/json', ...reply.headers },
    })
  }
  return { fetch: record as typeof fetch, calls }
}

function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)
}
