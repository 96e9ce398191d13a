import { isIP } from 'node:net'
import { ConfigurationError } from '../errors'

type Range = { contains(address: string): boolean }

const library = () => require('ipaddr.js') as typeof import('ipaddr.js')

function rangeOf(text: string, path: string): Range {
  const ipaddr = library()
  try {
    const range = text.includes('/')
      ? ipaddr.parseCIDR(text)
      : ([ipaddr.parse(text), ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128] as ReturnType<
          typeof ipaddr.parseCIDR
        >)
    return {
      contains(address) {
        const parsed = ipaddr.process(address)
        return parsed.kind() === range[0].kind() && parsed.match(range)
      },
    }
  } catch {
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `"${text}" is no address and no range of addresses; write it as "10.0.0.0/8" or "loopback"`,
      { path },
    )
  }
}

const loopback = ['127.0.0.0/8', '::1/128']

const plain = (address: string | undefined): string | undefined => {
  const text = address?.trim().replace(/^::ffff:(?=\d+\.)/i, '')
  return text !== undefined && isIP(text) !== 0 ? text : undefined
}

/**
 * Finds the client's address: the peer's, or, behind proxies that are trusted, the last of `X-Forwarded-For` that is
 * none of them.
 * @throws ConfigurationError INVALID_CONFIGURATION for what is no range.
 */
export function createClientAddress(
  trustedProxies: readonly string[] = [],
): (peer: string | undefined, forwardedFor: string | undefined) => string | undefined {
  const ranges = trustedProxies.flatMap((text, index) =>
    (text === 'loopback' ? loopback : [text]).map((range) => rangeOf(range, `trustedProxies[${index}]`)),
  )
  const isTrusted = (address: string) => ranges.some((range) => range.contains(address))
  return (peer, forwardedFor) => {
    let address = plain(peer)
    if (ranges.length === 0 || address === undefined || forwardedFor === undefined) return address
    for (const hop of forwardedFor.split(',').reverse()) {
      if (!isTrusted(address)) return address
      const next = plain(hop)
      if (next === undefined) return address
      address = next
    }
    return address
  }
}
