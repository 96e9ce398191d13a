import { type Connection, createRedact, secretsOf } from 'waybill'
import type { Terminal } from '../terminal'

const settingFields = ({ destination }: Connection) =>
  destination.authentication?.fields as Record<string, { type?: string }> | undefined

const bodyText = (body: unknown): string => {
  if (body === undefined || body === null) return ''
  return typeof body === 'string' ? body : Buffer.from(body as Uint8Array).toString('utf8')
}

const emptyObject = new TextEncoder().encode('{}')

/** What every request is answered with: the members of a response that the runtime reads, made once. */
const answer = {
  status: 200,
  statusText: 'OK',
  headers: [['content-type', 'application/json']],
  body: null,
  arrayBuffer: async () => emptyObject,
} as unknown as Response

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
  const secrets = connections.flatMap((connection) => [
    ...secretsOf(settingFields(connection), connection.settings),
    ...(connection.secrets ?? []),
  ])
  const redact = createRedact([...secrets, ...environmentSecrets])
  const controller = new AbortController()
  let requests = 0

  async function print(address: unknown, options: RequestInit = {}): Promise<Response> {
    requests += 1
    const headers = redact.headers(options.headers as Record<string, string>)
    const lines = [
      `${options.method ?? 'GET'} ${redact.text(String(address))}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    const body = redact.text(bodyText(options.body))
    await stdout.write(`${lines.join('\n')}\n${body === '' ? '' : `\n${body}\n`}\n`)
    if (stdout.isClosed) controller.abort()
    return answer
  }

  return {
    fetch: print as typeof fetch,
    signal: controller.signal,
    get requests() {
      return requests
    },
  }
}
