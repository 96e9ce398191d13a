import type { Socket } from 'node:net'

const one = '1'.charCodeAt(0)
/** Where the status begins in `HTTP/1.1 200 OK`. */
const statusAt = 9
const statusLine = /^HTTP\/1\.[01] 1(?:00|0[2-9]|[1-9]\d)/
const statusLineLength = 'HTTP/1.1 100'.length
/** Headers of an interim response beyond this are left to the parser, which refuses them. */
const maxHeldBytes = 16 * 1024

/**
 * Takes interim responses (1xx, but for a change of protocol) out of what a socket reads, while a response is
 * awaited: undici closes the connection at a `100 Continue` that it did not ask for, though the real response
 * follows.
 */
export function skipInterimResponses(socket: Socket, isAwaitingResponse: () => boolean): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null
  let held: Buffer | undefined
  socket.read = (size?: number) => {
    for (;;) {
      const chunk = read(size)
      if (chunk === null) return null
      if (held === undefined && chunk.length > statusAt && chunk[statusAt] !== one) return chunk
      if (!isAwaitingResponse()) return chunk
      const bytes = held === undefined ? chunk : Buffer.concat([held, chunk])
      const rest = withoutInterim(bytes)
      held = rest === undefined ? bytes : undefined
      if (rest !== undefined && rest.length > 0) return rest
    }
  }
}

/** What follows the interim responses at the start; undefined while one of them, or the status line, is not whole. */
function withoutInterim(bytes: Buffer): Buffer | undefined {
  let rest = bytes
  for (;;) {
    if (rest.length === 0) return rest
    if (rest.length < statusLineLength) return mayBecomeInterim(rest) ? undefined : rest
    if (!statusLine.test(rest.toString('latin1', 0, statusLineLength))) return rest
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return rest.length > maxHeldBytes ? rest : undefined
    rest = rest.subarray(end + 4)
  }
}

const mayBecomeInterim = (bytes: Buffer): boolean => {
  const text = bytes.toString('latin1')
  return ['HTTP/1.1 1', 'HTTP/1.0 1'].some((start) => start.startsWith(text) || text.startsWith(start))
}
