import type { IncomingHttpHeaders } from 'node:http'

const loopback = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[a-z0-9-]+\.)*localhost)$/i

/**
 * Why a request is not one of this machine's own programs, if so. A page of a foreign site can reach a server on
 * loopback, by a name of its own that leads here (then `Host` is that name) or from its own origin.
 */
export function foreignRequest({ host, origin }: IncomingHttpHeaders): string | undefined {
  if (host === undefined || !isLoopback(`http://${host}`))
    return `an emulator answers to loopback names alone, not to the host ${JSON.stringify(host ?? '')}`
  if (origin !== undefined && !isLoopback(origin))
    return `an emulator answers no page of another site, such as ${JSON.stringify(origin)}`
  return undefined
}

function isLoopback(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && loopback.test(url.hostname)
}
