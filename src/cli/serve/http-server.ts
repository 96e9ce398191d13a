import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { type Ingest, ingestServerOptions } from 'waybill/ingest'
import { fileProblem } from '../input/file-problem'
import { hostOfUrl, type ListenAddress } from './listen-address'

/** What answers the paths that are not of the Tracking API: the console, say. */
export type Mount = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** Files of a certificate, as PEM. */
export type TlsFiles = { readonly certificate: string; readonly key: string }

export type HttpServerOptions = {
  /** Asked at each request; undefined while it is being made. */
  readonly ingest: () => Ingest | undefined
  readonly address: ListenAddress
  readonly tls?: TlsFiles
  /** False while the store takes no writes, or the server stops. */
  readonly isReady: () => Promise<boolean>
  /** Default: a line of text that says what this is. */
  readonly mount?: Mount
}

/** A server that listens. */
export type HttpServer = {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Reads the certificate again. */
  reloadTls(): void
  /** Lets go of the port at once, answers what is under way, and ends all connections within the time. */
  close(withinMs: number): Promise<void>
}

function readTls({ certificate, key }: TlsFiles, folder: string): { cert: Buffer; key: Buffer } {
  const read = (option: string, file: string): Buffer => {
    try {
      return readFileSync(resolve(folder, file))
    } catch (error) {
      throw new ConfigurationError('INVALID_CONFIGURATION', `${option} ${file}: ${fileProblem(error)}`, {
        cause: error,
      })
    }
  }
  return { cert: read('--tls-cert', certificate), key: read('--tls-key', key) }
}

function text(outgoing: ServerResponse, status: number, body: string): void {
  outgoing.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  outgoing.end(body)
}

const about =
  'waybill serve: send events to /v1/batch, /v1/track and their like; /healthz and /readyz tell how it is.\n'

const welcome: Mount = ({ url }, outgoing) =>
  url === '/' ? text(outgoing, 200, about) : text(outgoing, 404, `There is nothing here. ${about}`)

function listen(server: Server | TlsServer, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: 'another process listens there; stop it, or choose another address with --listen',
        EACCES: 'ports below 1024 need more rights; choose another one with --listen',
        EADDRNOTAVAIL: 'this machine has no such address',
      }
      const reason = reasons[error.code ?? ''] ?? error.message
      reject(
        new ConfigurationError('INVALID_CONFIGURATION', `--listen ${hostOfUrl(host)}:${port}: ${reason}`, {
          cause: error,
        }),
      )
    })
    server.listen(port, host, () => resolve())
  })
}

/**
 * Serves the Tracking API, `/healthz` (the process lives), `/readyz` (it takes events), and what is mounted.
 * @throws ConfigurationError where the address cannot be had, or a certificate not be read.
 */
export async function startHttpServer(
  options: HttpServerOptions,
  workingDirectory: string,
): Promise<HttpServer> {
  const { ingest, address, tls, isReady, mount = welcome } = options
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const next = (): void => {
      const path = (incoming.url ?? '/').replace(/\?.*$/s, '')
      if (path === '/healthz') text(outgoing, 200, 'ok\n')
      else if (path === '/readyz')
        isReady().then(
          (ready) =>
            text(outgoing, ready ? 200 : 503, ready ? 'ready\n' : 'not ready: no events are taken now\n'),
          () => text(outgoing, 503, 'not ready: the store does not answer\n'),
        )
      else mount(incoming, outgoing)
    }
    const taking = ingest()
    if (taking === undefined) next()
    else taking.handler(incoming, outgoing, next)
  }
  const server =
    tls === undefined
      ? createServer(ingestServerOptions, handle)
      : createTlsServer({ ...ingestServerOptions, ...readTls(tls, workingDirectory) }, handle)
  await listen(server, address)
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${hostOfUrl(address.host)}:${port}`,
    reloadTls() {
      if (tls !== undefined) (server as TlsServer).setSecureContext(readTls(tls, workingDirectory))
    },
    async close(withinMs) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await ingest()?.close({ withinMs })
      server.closeIdleConnections()
      // Replies that are being written get a moment, then what is left is cut.
      const timer = setTimeout(() => server.closeAllConnections(), 1_000)
      await closed
      clearTimeout(timer)
    },
  }
}
