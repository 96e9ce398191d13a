import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  Emulator,
  EmulatorAnswer,
  EmulatorFault,
  EmulatorHandler,
  EmulatorRequest,
  LoggedRequest,
} from './emulator-types'
import { findFault, respondToFault } from './faults'
import { createKeyHider } from './hide-keys'
import { foreignRequest } from './loopback-request'

const maxLogged = 10_000
const maxBodyBytes = 32 * 1024 * 1024
const controlPrefix = '/__emulator/'

/** What makes a vendor out of a server. */
export type EmulatorOptions = {
  /** Answers the vendor's own paths. */
  readonly handle: EmulatorHandler
  /** Views and switches for tests, by method and path below `/__emulator/`: `GET state`. */
  readonly control?: Readonly<Record<string, EmulatorHandler>>
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly clock?: () => number
  /** Default: any free one. */
  readonly port?: number
}

/**
 * Starts a vendor on loopback: a real HTTP server with keep-alive, programmable faults and a control plane under
 * `/__emulator/` (`GET requests`, `POST faults`, `POST clear`, and the vendor's own views), which hides the keys that
 * requests carried. Pages of other sites are refused (403), whatever name they use.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const clock = options.clock ?? Date.now
  const log: LoggedRequest[] = []
  const faults: { fault: EmulatorFault; left: number }[] = []
  let requestCount = 0
  const addFault = (fault: EmulatorFault): void => {
    faults.push({ fault, left: fault.times ?? 1 })
  }
  const clear = (): void => {
    log.length = 0
    faults.length = 0
  }
  const control = controlHandlers(options.control ?? {}, log, addFault, clear)

  const keys = createKeyHider()

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const problem = foreignRequest(incoming.headers)
    if (problem !== undefined) {
      incoming.resume()
      send(outgoing, { status: 403, body: { error: problem } })
      return
    }
    const request = await readRequest(incoming, clock)
    if (request === undefined) {
      send(outgoing, { status: 413, body: { error: 'the body is larger than 32 MiB' } })
      return
    }
    if (request.path.startsWith(controlPrefix)) {
      send(outgoing, keys.hide(await control(request)))
      return
    }
    requestCount += 1
    keys.learn(request)
    const startedAt = performance.now()
    const fault = findFault(faults, request)
    const isProcessed =
      fault === undefined ||
      (fault.reset !== 'before' && fault.status === undefined && fault.stall !== 'headers')
    const answer = isProcessed ? await options.handle(request) : undefined
    if (log.length === maxLogged) log.shift()
    log.push({
      ...request,
      status: fault?.status ?? answer?.status,
      ...(answer === undefined ? {} : { answer }),
      durationMs: performance.now() - startedAt,
      ...(fault === undefined ? {} : { fault }),
    })
    if (fault === undefined) send(outgoing, answer as EmulatorAnswer)
    else respondToFault(fault, answer, incoming, outgoing, send)
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: Error) => {
      if (outgoing.headersSent) outgoing.destroy()
      else send(outgoing, { status: 500, body: { error: `emulator: ${error.message}` } })
    })
  })
  server.keepAliveTimeout = 60_000
  await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: log,
    get requestCount() {
      return requestCount
    },
    fault: addFault,
    clearFaults: () => {
      faults.length = 0
    },
    clear,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

async function readRequest(
  incoming: IncomingMessage,
  clock: () => number,
): Promise<EmulatorRequest | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length
    if (size <= maxBodyBytes) chunks.push(chunk as Buffer)
  }
  if (size > maxBodyBytes) return undefined
  const url = new URL(incoming.url ?? '/', 'http://emulator')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: Buffer.concat(chunks),
    receivedAt: clock(),
  }
}

function send(outgoing: ServerResponse, answer: EmulatorAnswer): void {
  const { status, headers, body } = answer
  if (body === undefined || typeof body === 'string') {
    const text = body ?? ''
    outgoing.writeHead(status, { 'content-length': Buffer.byteLength(text), ...headers })
    outgoing.end(text)
    return
  }
  const text = JSON.stringify(body)
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  outgoing.end(text)
}

function controlHandlers(
  own: Readonly<Record<string, EmulatorHandler>>,
  log: readonly LoggedRequest[],
  addFault: (fault: EmulatorFault) => void,
  clear: () => void,
): EmulatorHandler {
  const handlers: Record<string, EmulatorHandler> = {
    'GET requests': () => ({
      status: 200,
      body: log.map((entry) => ({ ...entry, query: undefined, body: entry.body.toString() })),
    }),
    'POST faults': (request) => {
      addFault(JSON.parse(request.body.toString()) as EmulatorFault)
      return { status: 204 }
    },
    'POST clear': () => {
      clear()
      return { status: 204 }
    },
    ...own,
  }
  return (request) => {
    const name = `${request.method} ${request.path.slice(controlPrefix.length)}`
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
    return (
      handler?.(request) ?? {
        status: 404,
        body: { error: `no ${name}; there are ${Object.keys(handlers).join(', ')}` },
      }
    )
  }
}
