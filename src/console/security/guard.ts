import { ApiError } from '../api-error'

/** Where the console answers. */
export type Place = {
  /** Names that `Host` may have beside loopback, with or without a port. */
  readonly allowedHosts: readonly string[]
  /** The port that we listen on; undefined while it is not known, then any port of loopback passes. */
  readonly port: () => number | undefined
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Against DNS rebinding: a page of another site reaches us only by a name that is not ours. */
export function checkHost(host: string, { allowedHosts, port }: Place): void {
  if (isOurs(host.toLowerCase(), allowedHosts, port())) return
  throw new ApiError(
    403,
    'NOT_ALLOWED',
    `the host ${JSON.stringify(host.slice(0, 200))} is not one of this console; behind a proxy, start it with --allowed-host`,
  )
}

function isOurs(host: string, allowedHosts: readonly string[], port: number | undefined): boolean {
  const [, name = '', given] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? []
  if (allowedHosts.some((allowed) => allowed.toLowerCase() === host || allowed.toLowerCase() === name))
    return true
  if (!loopback.has(name)) return false
  return port === undefined || Number(given ?? 80) === port
}

/** Against forged requests: what changes something comes from our own page, or from a program that says it sends JSON. */
export function checkOrigin(request: Request, place: Place): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none')
    throw new ApiError(403, 'NOT_ALLOWED', 'the request comes from another site')
  const origin = request.headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin, request, place))
    throw new ApiError(403, 'NOT_ALLOWED', 'the request comes from another origin')
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new ApiError(415, 'INVALID_REQUEST', 'send application/json, also where the body is {}')
}

function isOwnOrigin(origin: string, request: Request, { allowedHosts, port }: Place): boolean {
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return host === hostOf(request) && isOurs(host.toLowerCase(), allowedHosts, port())
}

/** `Host`, or what the address says where a test has none. */
export const hostOf = (request: Request): string => request.headers.get('host') ?? new URL(request.url).host

/** Headers of every response: nothing of another origin runs, and no other page holds ours in a frame. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
