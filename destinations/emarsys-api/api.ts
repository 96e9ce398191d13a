import {
  type ActionState,
  headerOf,
  InvalidAuthenticationError,
  type ItemResponse,
  type RequestClient,
} from 'waybill'
import type { EmarsysSettings } from './settings'
import { accessToken, mayRenew } from './tokens'
import { wsseHeader } from './wsse'

/** Most contacts in a request, and most bytes of it (the vendor's limits for updates). */
export const maxContacts = 1000
export const maxBytes = 8_000_000

/** What a call needs beside its body. */
export type Connection = {
  readonly request: RequestClient
  readonly settings: EmarsysSettings
  readonly state: ActionState | undefined
  /** Whether `settings` are those of an open connection, the same object for all calls. */
  readonly isOpen?: boolean
  /** Notes a value that is left out of what is sent for a payload, by its place. */
  readonly dropped?: (field: string, reason: string, index: number) => void
}

type Method = 'get' | 'post' | 'put'

const isWsse = ({ authType }: EmarsysSettings): boolean => authType === 'wsse'

/** Bearer tokens are for v3; v2 takes WSSE. The bodies are the same. */
export function baseAddress(settings: EmarsysSettings): string {
  const base = settings.baseUrl?.replace(/\/+$/, '') || 'https://api.emarsys.net'
  return /\/api\/v[23]$/.test(base) ? base : `${base}/api/${isWsse(settings) ? 'v2' : 'v3'}`
}

/** What tells accounts apart, without a secret. */
export const accountName = (settings: EmarsysSettings): string =>
  `${baseAddress(settings)} ${isWsse(settings) ? settings.apiUser : settings.clientId}`

/**
 * Makes a call. A status of the API is no error here: what it means depends on the reply code. A refused token is
 * renewed once, as far as the rations allow.
 * @throws what the token address or the network say.
 */
export async function call(
  connection: Connection,
  method: Method,
  path: string,
  body?: unknown,
): Promise<ItemResponse> {
  const { request, settings, state } = connection
  const send = async (headers: Record<string, string>) =>
    withWait(
      await request(`${baseAddress(settings)}/${path}`, {
        method,
        headers,
        throwHttpErrors: false,
        ...(body === undefined ? {} : { json: body }),
      }),
    )
  if (isWsse(settings)) {
    const { apiUser = '', apiPassword = '' } = settings
    if (apiUser === '' || apiPassword === '')
      throw new InvalidAuthenticationError('WSSE needs the API user and its secret.')
    return send({ 'X-WSSE': wsseHeader(apiUser, apiPassword) })
  }
  const token = await accessToken(request, settings, state)
  const response = await send({ authorization: `Bearer ${token}` })
  if (response.status !== 401 || !mayRenew(settings)) return response
  const renewed = await accessToken(request, settings, state, token)
  return send({ authorization: `Bearer ${renewed}` })
}

const maxWaitSeconds = 60

/** Emarsys says when its limit ends in a header of its own; the runtime heeds `Retry-After`. */
function withWait({ status, data, content, headers }: ItemResponse): ItemResponse {
  const response = { status, data, content }
  const wait = headerOf({ headers: headers ?? {} }, 'retry-after')
  if (wait !== undefined) return { ...response, headers: { 'retry-after': wait } }
  // After repeated bad requests Emarsys ignores the caller for a while.
  if (status === 502) return { ...response, headers: { 'retry-after': String(maxWaitSeconds) } }
  if (status !== 429) return response
  const reset = Number(headerOf({ headers: headers ?? {} }, 'x-ratelimit-reset'))
  const seconds = Number.isFinite(reset) ? Math.ceil(reset - Date.now() / 1000) : maxWaitSeconds
  return {
    ...response,
    headers: { 'retry-after': String(Math.min(maxWaitSeconds, Math.max(1, seconds))) },
  }
}
