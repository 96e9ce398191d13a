import type { buildConnector } from 'undici'
import { type ChosenProxy, connectorThrough } from './proxy'
import { publicConnector, publicLookup } from './public-address'
import type { TlsOptions } from './transport'

/** How connections are made. */
export type ConnectorOptions = {
  readonly tls?: TlsOptions | undefined
  /** Default true. */
  readonly allowPrivateAddresses?: boolean | undefined
}

const connectTimeoutMs = 10_000

/**
 * Makes connections to origins, directly or through a proxy. Given certificates are trusted beside those that Node
 * trusts. Whoever runs the proxy has chosen it, so it may be within a private network.
 */
export function connectorOf(
  { tls, allowPrivateAddresses = true }: ConnectorOptions,
  proxy: ChosenProxy | undefined,
): buildConnector.connector {
  const { buildConnector } = require('undici') as typeof import('undici')
  const options = { ...tlsOptions(tls), timeout: connectTimeoutMs }
  if (proxy === undefined) {
    const lookup = allowPrivateAddresses ? {} : { lookup: publicLookup }
    const direct = buildConnector({ ...options, ...lookup } as buildConnector.BuildOptions)
    return allowPrivateAddresses ? direct : publicConnector(direct)
  }
  const connect = buildConnector(options as buildConnector.BuildOptions)
  const through = connectorThrough(proxy, connect, connect)
  return allowPrivateAddresses ? through : publicConnector(through)
}

/** As `node:tls` takes them. */
export function tlsOptions({ ca, ...own }: TlsOptions = {}): object {
  if (ca === undefined) return own
  const { rootCertificates } = require('node:tls') as typeof import('node:tls')
  return { ...own, ca: [...rootCertificates, ...(typeof ca === 'string' ? [ca] : ca)] }
}
