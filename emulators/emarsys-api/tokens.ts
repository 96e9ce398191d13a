import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { EmulatorAnswer, EmulatorRequest } from 'waybill/testing'

/** One that may call the API. Without `permissions` it may call everything. */
export type ApiClient = {
  readonly clientId: string
  readonly clientSecret: string
  readonly permissions?: readonly string[]
}
export type ApiUser = {
  readonly user: string
  readonly secret: string
  readonly permissions?: readonly string[]
}

/** How many tokens a client may fetch: the vendor's limits are 2 a minute and 10 an hour. */
export type Ration = { readonly perMinute: number; readonly perHour: number }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const maxSkewMs = 5 * minuteMs

/** Who calls: the name under which calls are counted. */
export type Caller = { readonly name: string; readonly permissions?: readonly string[] | undefined }

const isSame = (one: string, other: string): boolean => {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}

/** OpenID Connect with its rations, and WSSE. */
export function createCredentials(options: {
  readonly clients: readonly ApiClient[]
  readonly users: readonly ApiUser[]
  readonly ration: Ration
  readonly expiresInSeconds: number
}) {
  const tokens = new Map<string, { client: ApiClient; until: number }>()
  const fetches = new Map<string, number[]>()
  let fetched = 0

  /** `POST /oauth2/token` */
  function giveToken(request: EmulatorRequest): EmulatorAnswer {
    const now = request.receivedAt
    const [scheme, basic = ''] = (request.headers.authorization ?? '').split(' ')
    const [id = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':')
    const client = options.clients.find(({ clientId }) => clientId === id)
    const failed = (status: number, error: string, error_description: string): EmulatorAnswer => ({
      status,
      body: { error, error_description },
    })
    if (scheme !== 'Basic' || client === undefined || !isSame(secret.join(':'), client.clientSecret))
      return failed(401, 'invalid_client', 'Client authentication failed')
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    const form = new URLSearchParams(isForm ? request.body.toString() : '')
    if (form.get('grant_type') !== 'client_credentials')
      return failed(400, 'unsupported_grant_type', 'Only client_credentials is supported')
    const times = (fetches.get(id) ?? []).filter((time) => time > now - hourMs)
    const inMinute = times.filter((time) => time > now - minuteMs)
    if (inMinute.length >= options.ration.perMinute || times.length >= options.ration.perHour)
      return failed(429, 'too_many_requests', 'Too many token requests')
    fetches.set(id, [...times, now])
    fetched += 1
    const token = ['eyJhbGciOiJSUzI1NiJ9', Buffer.from(id).toString('base64url'), randomUUID()].join('.')
    tokens.set(token, { client, until: now + options.expiresInSeconds * 1000 })
    return {
      status: 200,
      body: { access_token: token, token_type: 'Bearer', expires_in: options.expiresInSeconds, scope: '' },
    }
  }

  function byBearer(header: string, now: number): Caller | undefined {
    const entry = tokens.get(header.replace(/^Bearer /i, ''))
    if (entry === undefined || entry.until <= now) return undefined
    return { name: entry.client.clientId, permissions: entry.client.permissions }
  }

  /** The digest is base64 over the hex text of SHA-1, not over its bytes. */
  function byWsse(header: string, now: number): Caller | undefined {
    if (!/^UsernameToken\s/i.test(header)) return undefined
    const parts = new Map<string, string>()
    for (const [, name = '', value = ''] of header.matchAll(/(\w+)\s*=\s*"([^"]*)"/g))
      parts.set(name.toLowerCase(), value)
    const part = (name: string): string => parts.get(name) ?? ''
    const user = options.users.find((known) => known.user === part('username'))
    const created = Date.parse(part('created'))
    if (user === undefined || part('nonce') === '' || !(Math.abs(created - now) <= maxSkewMs))
      return undefined
    const hex = createHash('sha1')
      .update(part('nonce') + part('created') + user.secret)
      .digest('hex')
    return isSame(Buffer.from(hex).toString('base64'), part('passworddigest'))
      ? { name: user.user, permissions: user.permissions }
      : undefined
  }

  return {
    giveToken,
    /** Who a request is from. Bearer tokens are for v3; on v2 only if the account takes them there. */
    callerOf({ headers, receivedAt }: EmulatorRequest, version: string, bearerOnV2: boolean) {
      const { authorization } = headers
      const wsse = headers['x-wsse']
      if (authorization !== undefined && (version === 'v3' || bearerOnV2))
        return byBearer(authorization, receivedAt)
      return wsse !== undefined && version === 'v2' ? byWsse(wsse, receivedAt) : undefined
    },
    /** Makes all tokens invalid, as the vendor may. */
    revoke: (): void => tokens.clear(),
    get fetched(): number {
      return fetched
    },
  }
}

export type Credentials = ReturnType<typeof createCredentials>
