import type { RawHeader, Transport } from '../delivery/request/transport'

const timeoutMs = 10_000
const maxResponseBytes = 1024 * 1024
/** A `Response` of these statuses takes no body. */
const withoutBody = new Set([204, 205, 304])

/** A `fetch` that sends as the runtime does: through the same proxy, with the same certificates and restrictions. */
export const fetchOver = (transport: Transport): typeof fetch =>
  (async (url: unknown, init: RequestInit = {}) => {
    const { status, statusText, rawHeaders, body, unreadable } = await transport.send({
      url: String(url),
      method: init.method ?? 'GET',
      headers: [...new Headers(init.headers)].flat(),
      body: (init.body ?? undefined) as string | Uint8Array | undefined,
      timeoutMs,
      maxResponseBytes,
      signal: init.signal ?? undefined,
      agent: undefined,
    })
    if (unreadable !== undefined) throw unreadable
    const content = withoutBody.has(status) ? null : new Uint8Array(body)
    return new Response(content, { status, statusText, headers: pairs(rawHeaders) })
  }) as typeof fetch

const pairs = (rawHeaders: readonly RawHeader[]): [string, string][] =>
  rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toString('latin1'), rawHeaders[index + 1]?.toString('latin1') ?? '']] : [],
  )
