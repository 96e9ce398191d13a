import { createServer, type Server, type Socket } from 'node:net'

/** A vendor on bare sockets, which may answer with any bytes. */
export type RawVendor = {
  readonly url: string
  /** Whole requests, head and body, as they came. */
  readonly requests: readonly string[]
  /** How many connections were made. */
  readonly connections: number
  close(): Promise<void>
}

/** Starts a vendor that calls `answer` for every whole request; `count` from 1, `use` counts those of the connection. */
export async function startRawVendor(
  answer: (socket: Socket, count: number, use: number, request: string) => void,
): Promise<RawVendor> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let use = 0
    let bytes = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk as Buffer])
      for (;;) {
        const length = requestLength(bytes)
        if (length === undefined) return
        const request = bytes.toString('latin1', 0, length)
        bytes = bytes.subarray(length)
        requests.push(request)
        use += 1
        answer(socket, requests.length, use, request)
      }
    })
  })
  await listen(server)
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

/** Bytes of the first request; undefined while it is not whole. */
function requestLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const body = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0)
  return bytes.length < end + 4 + body ? undefined : end + 4 + body
}
