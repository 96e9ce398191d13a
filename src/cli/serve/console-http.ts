import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigurationError } from 'waybill'
import type { Mount } from './http-server'
import { hostOfUrl, type ListenAddress } from './listen-address'

/** A server of the console alone. */
export type ConsoleHttp = { readonly url: string; close(): Promise<void> }

/**
 * Serves the console on an address of its own.
 * @throws ConfigurationError where the address cannot be had.
 */
export async function startConsoleHttp(mount: Mount, { host, port }: ListenAddress): Promise<ConsoleHttp> {
  const server = createServer(mount)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new ConfigurationError(
          'INVALID_CONFIGURATION',
          `--console ${hostOfUrl(host)}:${port}: ${error.message}`,
          {
            cause: error,
          },
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${hostOfUrl(host)}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
