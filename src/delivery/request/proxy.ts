import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { NetworkError } from './network-error'

/** Proxies by the protocol of the request, and what is reached without one. */
export type ProxyOptions = {
  /** For `http://` addresses: `http://user:password@host:port`. */
  readonly http?: string
  /** For `https://` addresses, through a tunnel. */
  readonly https?: string
  /**
   * Hosts that are reached without a proxy, separated by commas: a name stands for itself and what is below it; with a
   * port, for that port alone; an address or a range of addresses (`10.0.0.0/8`); `*` for all.
   */
  readonly no?: string
}

/** A proxy that an origin is reached through. */
export type ChosenProxy = { readonly url: URL; readonly authorization: string | undefined }

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }
const connectTimeoutMs = 10_000

/** The proxy for an origin, if it is to be reached through one. */
export function proxyFor(origin: string, { http, https, no }: ProxyOptions = {}): ChosenProxy | undefined {
  const { protocol, hostname, port } = new URL(origin)
  const given = protocol === 'https:' ? https : http
  if (!given || isExcepted(hostname.replace(/^\[|\]$/g, ''), port || (defaultPorts[protocol] ?? ''), no))
    return undefined
  const address = given.includes('://') ? given : `http://${given}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new NetworkError('INVALID_PROXY', 'the address of the proxy is no http or https address', {
      isSent: false,
    })
  return { url, authorization: basicOf(url) }
}

function basicOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  const text = [username, password].map(decoded).join(':')
  return `Basic ${Buffer.from(text).toString('base64')}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const isExcepted = (hostname: string, port: string, list = ''): boolean =>
  list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, hostname.toLowerCase(), port))

function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInRange(entry, hostname)
  const [, bracketed, plain, wantedPort] =
    /^(?:\[(.+)\]|([^:]+|[^[]*:[^[]*:[^[]*?))(?::(\d+))?$/.exec(entry) ?? []
  const name = (bracketed ?? plain ?? '').replace(/^\*?\./, '')
  if (name === '' || (wantedPort !== undefined && wantedPort !== port)) return false
  return hostname === name || hostname.endsWith(`.${name}`)
}

function isInRange(range: string, hostname: string): boolean {
  const { parse, parseCIDR } = require('ipaddr.js') as typeof import('ipaddr.js')
  try {
    return parse(hostname).match(parseCIDR(range) as never)
  } catch {
    return false
  }
}

/**
 * Connects through a proxy: for `http` to the proxy itself, which is then asked for whole addresses, for `https`
 * through a tunnel, so that the proxy sees nothing of the request.
 */
export function connectorThrough(
  { url, authorization }: ChosenProxy,
  toProxy: buildConnector.connector,
  toOrigin: buildConnector.connector,
): buildConnector.connector {
  const proxy = {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    host: url.host,
    protocol: url.protocol,
    port: url.port || (defaultPorts[url.protocol] as string),
  }
  return (target, callback) =>
    toProxy(proxy, (error, socket) => {
      if (error !== null || socket === null) callback(error ?? new Error('no connection to the proxy'), null)
      else if (target.protocol !== 'https:') callback(null, socket)
      else
        openTunnel(socket, `${target.hostname}:${target.port || 443}`, authorization, (refusal) => {
          if (refusal === undefined) toOrigin({ ...target, httpSocket: socket }, callback)
          else callback(refusal, null)
        })
    })
}

const maxHeadBytes = 16 * 1024

function openTunnel(
  socket: Socket,
  authority: string,
  authorization: string | undefined,
  done: (refusal?: Error) => void,
): void {
  let head = ''
  const end = (refusal?: string): void => {
    clearTimeout(timer)
    socket.off('data', read).off('error', fail).off('close', close)
    socket.pause()
    if (refusal === undefined) done()
    else {
      socket.destroy()
      done(new NetworkError('PROXY_REFUSED', `${refusal}, so nothing was sent`, { isSent: false }))
    }
  }
  const timer = setTimeout(() => end('the proxy did not answer in time'), connectTimeoutMs)
  const fail = (error: Error): void => end(`the connection to the proxy failed (${error.message})`)
  const close = (): void => end('the proxy closed the connection')
  const read = (chunk: Buffer): void => {
    head += chunk.toString('latin1')
    if (!head.includes('\r\n\r\n')) {
      if (head.length > maxHeadBytes) end('the proxy does not answer as one')
      return
    }
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
    end(status?.startsWith('2') ? undefined : `the proxy refused the tunnel (status ${status ?? 'unknown'})`)
  }
  socket.on('data', read).on('error', fail).on('close', close)
  const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`)
}
