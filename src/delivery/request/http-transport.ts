import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import { type ConnectorOptions, tlsOptions } from './connector'
import { decodeContent } from './content-encoding'
import { type Progress, watchDeadline } from './deadline'
import { headersAsObject } from './header-list'
import { isOfBody, networkError, tooLarge } from './network-error'
import { publicLookup, refusePrivate } from './public-address'
import type { Transport, WireRequest, WireResponse } from './transport'

const defaultConnections = 64

/**
 * Sends with `node:http` and `node:https` over keep-alive agents: the way that request interceptors such as nock
 * see, and the one that honors an action's own `agent`. Some three times as expensive as pooled connections.
 */
export function createHttpTransport(
  options: ConnectorOptions & { readonly connections?: number } = {},
): Transport {
  const agents = new Map<string, Agent>()
  const agentFor = (protocol: string): Agent => {
    let agent = agents.get(protocol)
    if (agent === undefined) {
      const { Agent } = protocolModule(protocol)
      const pooling = { keepAlive: true, maxSockets: options.connections ?? defaultConnections }
      agent = new Agent({ ...pooling, ...tlsOptions(options.tls) })
      agents.set(protocol, agent)
    }
    return agent
  }
  return {
    send(request) {
      const protocol = request.url.slice(0, request.url.indexOf(':'))
      const agent = (request.agent as Agent | undefined) ?? agentFor(protocol)
      return new Promise((resolve, reject) =>
        exchange(protocol, agent, request, options.allowPrivateAddresses === false, resolve, reject),
      )
    },
    async close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

/** Looked up at each call, so that interceptors may replace `request`. */
const protocolModule = (protocol: string): typeof import('node:http') =>
  protocol === 'https'
    ? (require('node:https') as typeof import('node:http'))
    : (require('node:http') as typeof import('node:http'))

function exchange(
  protocol: string,
  agent: Agent,
  request: WireRequest,
  isPublicOnly: boolean,
  resolve: (response: WireResponse) => void,
  reject: (error: Error) => void,
): void {
  const progress: Progress = { isSent: false, status: 0 }
  let isOver = false
  let outgoing: ClientRequest | undefined
  let received: IncomingMessage | undefined
  let endWatch = (): void => undefined
  const fail = (error: Error): void => {
    if (isOver) return
    isOver = true
    endWatch()
    if (received !== undefined && isOfBody(error)) {
      const { rawHeaders, statusMessage: statusText = '' } = received
      resolve({ status: progress.status, statusText, rawHeaders, body: nothing, unreadable: error })
    } else reject(error)
    outgoing?.destroy(error)
  }
  const failWith = (error: unknown): void =>
    fail(networkError(error, progress.isSent, progress.status || undefined))
  const finish = (incoming: IncomingMessage, encoded: Buffer): void => {
    if (isOver) return
    const { rawHeaders, statusMessage: statusText = '' } = incoming
    const { status } = progress
    const body = decodeContent(encoded, rawHeaders, status, request.maxResponseBytes)
    isOver = true
    endWatch()
    resolve({ status, statusText, rawHeaders, body })
  }
  endWatch = watchDeadline(request, progress, fail)
  if (isOver) {
    endWatch()
    return
  }
  try {
    if (isPublicOnly) refusePrivate(request.url)
    outgoing = protocolModule(protocol).request(request.url, requestOptions(request, agent, isPublicOnly))
    outgoing.on('error', failWith)
    outgoing.on('socket', (socket) => noteWhenConnected(socket, progress))
    outgoing.on('response', (incoming) => {
      progress.isSent = true
      progress.status = incoming.statusCode as number
      received = incoming
      collect(incoming, request.maxResponseBytes, progress.status, finish, failWith)
    })
    outgoing.end(request.body)
  } catch (error) {
    failWith(error)
  }
}

const requestOptions = (request: WireRequest, agent: Agent, isPublicOnly: boolean): RequestOptions => ({
  method: request.method,
  headers: headersAsObject(request.headers),
  agent,
  ...(isPublicOnly ? { lookup: publicLookup } : {}),
})

/**
 * Until a new socket is connected nothing of the request can have left. A socket that comes connected (reused, or
 * from an agent with a proxy) counts as one on which the request is under way.
 */
function noteWhenConnected(socket: Socket, progress: Progress): void {
  if (!socket.connecting) {
    progress.isSent = true
    return
  }
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
    progress.isSent = true
  })
}

function collect(
  incoming: IncomingMessage,
  maxBytes: number,
  status: number,
  finish: (incoming: IncomingMessage, body: Buffer) => void,
  failWith: (error: unknown) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) failWith(tooLarge(maxBytes, status))
    else chunks.push(chunk)
  })
  incoming.on('error', failWith)
  incoming.on('end', () => {
    try {
      finish(incoming, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
    } catch (error) {
      failWith(error)
    }
  })
}

const nothing = Buffer.alloc(0)
