import type { ServerOptions } from 'node:http'

/**
 * Options for `http.createServer` under which slow and silent clients cost little: connections that send no headers
 * end after 10 seconds, requests after a minute, and idle ones live a little longer than a load balancer's.
 */
export const ingestServerOptions: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
}
