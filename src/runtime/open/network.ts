import { createFetchTransport } from '../../delivery/request/fetch-transport'
import { createRequestClientFactory, type RequestClientFactory } from '../../delivery/request/request-client'
import type { Transport } from '../../delivery/request/transport'
import { createUndiciTransport } from '../../delivery/request/undici-transport'
import type { Connection, RuntimeOptions } from '../options'

/**
 * Each connection has connections to the network of its own, so that none waits for another's: one per request in flight,
 * and one to spare, so that a slow response never makes a new one.
 */
export function transportOf(
  connection: Connection,
  concurrency: number,
  { fetch, network }: Pick<RuntimeOptions, 'fetch' | 'network'>,
): Transport {
  if (fetch !== undefined) return createFetchTransport(() => fetch)
  const { tls, ...options } = { ...network, ...connection.network }
  return createUndiciTransport({
    connections: concurrency + 1,
    ...options,
    ...(tls === undefined ? {} : { tls }),
  })
}

/** The request client of a connection. */
export function clientOf(transport: Transport, { limits }: RuntimeOptions): RequestClientFactory {
  const { timeoutMs, maxResponseBytes } = limits ?? {}
  return createRequestClientFactory({
    transport,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  })
}
