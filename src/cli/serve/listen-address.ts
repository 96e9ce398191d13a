import { ConfigurationError } from 'waybill'

/** Where a server listens. */
export type ListenAddress = { readonly host: string; readonly port: number }

/** The server's own machine alone, unless it is told otherwise. */
export const defaultListen = '127.0.0.1:8080'

/**
 * Reads `host:port`, `:port` or `port`; IPv6 in brackets. Port 0 takes any free one.
 * @throws ConfigurationError INVALID_CONFIGURATION for anything else.
 */
export function parseListenAddress(text: string, option = '--listen'): ListenAddress {
  const [, bracketed, plain, port] =
    /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/i.exec(text.trim()) ?? []
  const number = Number(port)
  if (port === undefined || number > 65_535)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `${option} ${text}: give an address and a port, such as 127.0.0.1:8080, [::1]:8080, 0.0.0.0:8080 or :8080`,
    )
  return { host: bracketed ?? (plain || '127.0.0.1'), port: number }
}

/** True for addresses that only this machine reaches. */
export const isLoopback = (host: string): boolean => /^(?:127\.|::1$|localhost$)/i.test(host)

/** As part of a URL. */
export const hostOfUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
