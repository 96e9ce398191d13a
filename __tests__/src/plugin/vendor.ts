import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A vendor that keeps what it gets, and answers as it is told by event name. */
export async function startVendor(replies: Record<string, { status?: number; delayMs?: number }> = {}) {
  const calls: { name: string; event: Record<string, unknown> }[] = []
  const server = createServer((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (chunk) => {
      text += chunk
    })
    incoming.on('end', () => {
      if (incoming.method === 'OPTIONS') {
        outgoing
          .writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' })
          .end()
        return
      }
      const call = JSON.parse(text)
      calls.push(call)
      const { status = 200, delayMs = 0 } = replies[String(call.event.event ?? call.event.type)] ?? {}
      if (delayMs === Number.POSITIVE_INFINITY) return
      setTimeout(
        () =>
          outgoing
            .writeHead(status, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' })
            .end(),
        delayMs,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of: (name: string) => calls.filter((call) => call.name === name).map(({ event }) => event),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Vendor = Awaited<ReturnType<typeof startVendor>>
