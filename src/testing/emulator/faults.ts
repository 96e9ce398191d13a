import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EmulatorAnswer, EmulatorFault, EmulatorRequest } from './emulator-types'

/** The first fault that is meant for a request; counts it down. */
export function findFault(
  faults: { fault: EmulatorFault; left: number }[],
  request: EmulatorRequest,
): EmulatorFault | undefined {
  const index = faults.findIndex(
    ({ fault: { match } }) =>
      (match?.method === undefined || match.method === request.method) &&
      (match?.path === undefined || match.path === request.path),
  )
  const entry = faults[index]
  if (entry === undefined) return undefined
  entry.left -= 1
  if (entry.left <= 0) faults.splice(index, 1)
  return entry.fault
}

/** Lets a fault happen. `answer` is there when the vendor has processed the request all the same. */
export function respondToFault(
  fault: EmulatorFault,
  answer: EmulatorAnswer | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  send: (outgoing: ServerResponse, answer: EmulatorAnswer) => void,
): void {
  if (fault.reset !== undefined) {
    incoming.socket.destroy()
    return
  }
  if (fault.stall === 'headers') return
  if (fault.stall === 'body') {
    outgoing.writeHead(fault.status ?? answer?.status ?? 200, {
      'content-type': 'application/json',
      'content-length': 1000,
    })
    outgoing.write('{"begun":')
    return
  }
  const headers = {
    ...fault.headers,
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
  }
  const reply = (): void =>
    send(
      outgoing,
      fault.status === undefined
        ? { ...(answer as EmulatorAnswer), headers: { ...answer?.headers, ...headers } }
        : { status: fault.status, body: fault.body, headers },
    )
  if (fault.delayMs === undefined) reply()
  else setTimeout(reply, fault.delayMs).unref()
}
