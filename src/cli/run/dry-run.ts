import { type Connection, createRedact, secretsOf } from 'waybill'
import type { Terminal } from '../terminal'

const settingFields = ({ destination }: Connection) =>
  destination.authentication?.fields as Record<string, { type?: string }> | undefined

const bodyText = (body: unknown): string => {
  if (body === undefined || body === null) return ''
  return typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8')
}

/**
 * A `fetch` that prints each request instead of sending it, and answers 200 with an empty object. Secrets are
 * masked: the settings of type `password`, and everything that came from the environment. The signal fires when
 * nobody reads any more.
 */
export function createPrintingFetch(
  connections: readonly Connection[],
  environmentSecrets: readonly string[],
  { stdout }: Terminal,
): { readonly fetch: typeof fetch; readonly requests: number; readonly signal: AbortSignal } {
  const secrets = connections.flatMap((connection) =>
    secretsOf(settingFields(connection), connection.settings),
  )
  const redact = createRedact([...secrets, ...environmentSecrets])
  const controller = new AbortController()
  let requests = 0

  async function print(address: unknown, options: RequestInit = {}): Promise<Response> {
    requests += 1
    const headers = redact.headers(Object.fromEntries(new Headers(options.headers)))
    const lines = [
      `${options.method ?? 'GET'} ${redact.text(String(address))}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    const body = redact.text(bodyText(options.body))
    await stdout.write(`${lines.join('\n')}\n${body === '' ? '' : `\n${body}\n`}\n`)
    if (stdout.isClosed) controller.abort()
    return new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } })
  }

  return {
    fetch: print as typeof fetch,
    signal: controller.signal,
    get requests() {
      return requests
    },
  }
}
