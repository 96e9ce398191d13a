import type { Claimed, ClaimOptions, Queue } from '../queue'
import { createWake } from '../wake'
import { readServer, withServer } from './slot-dead'

/** How long one server is asked before the question is put anew, with what is held by then. */
const askMs = 1000

/**
 * Claims of several servers as one. Each is asked by itself, so that a dead one delays its own deliveries only; what comes when
 * nobody waits any more is given back.
 */
export function createSlotClaims(
  servers: readonly Queue[],
  onError: (server: number, error: unknown) => void,
) {
  const wake = createWake()
  const stop = new AbortController()
  const asked = servers.map(() => false)
  const arrived: Claimed[] = []
  let waiting = 0

  async function ask(server: number, queue: Queue, options: ClaimOptions): Promise<void> {
    asked[server] = true
    try {
      const signals = [stop.signal, AbortSignal.timeout(askMs), ...(options.signal ? [options.signal] : [])]
      const claims = await queue.claim({ ...options, signal: AbortSignal.any(signals) })
      if (waiting > 0)
        arrived.push(...claims.map((claim) => ({ ...claim, lease: withServer(server, claim.lease) })))
      else if (claims.length > 0)
        await queue.settle(claims.map(({ lease }) => ({ lease, kind: 'release' as const })))
    } catch (error) {
      if (!stop.signal.aborted) onError(server, error)
    } finally {
      asked[server] = false
      wake.wake()
    }
  }

  function askAll(options: ClaimOptions): void {
    const max = Math.max(1, Math.ceil(options.max / servers.length))
    servers.forEach((queue, server) => {
      if (!asked[server]) void ask(server, queue, { ...options, max })
    })
  }

  /** What was claimed for nobody is due again, without an attempt. */
  function giveBack(): void {
    if (waiting > 0) return
    for (const { lease } of arrived.splice(0)) {
      const { server, id } = readServer(lease)
      servers[server]?.settle([{ lease: id, kind: 'release' }]).catch((error) => onError(server, error))
    }
  }

  return {
    async claim(options: ClaimOptions): Promise<Claimed[]> {
      waiting += 1
      try {
        while (!options.signal?.aborted && !stop.signal.aborted && options.max > 0) {
          if (arrived.length > 0) return arrived.splice(0, options.max)
          const wakes = wake.count()
          askAll(options)
          await wake.sleep(askMs, options.signal, wakes)
        }
        return arrived.splice(0, options.max)
      } finally {
        waiting -= 1
        giveBack()
      }
    },
    stop() {
      stop.abort()
      wake.wake()
    },
  }
}
