import type { Transport, WireRequest, WireResponse } from './transport'

/** A request and what came of it; times by the monotonic clock of the platform. */
export type ObservedExchange = {
  readonly request: WireRequest
  readonly response?: WireResponse
  readonly error?: unknown
  readonly startedAt: number
  readonly endedAt: number
}

/** A transport that tells of every exchange when it has ended. */
export function observeTransport(
  transport: Transport,
  tell: (exchange: ObservedExchange) => void,
): Transport {
  return {
    async send(request) {
      const startedAt = performance.now()
      try {
        const response = await transport.send(request)
        tell({ request, response, startedAt, endedAt: performance.now() })
        return response
      } catch (error) {
        tell({ request, error, startedAt, endedAt: performance.now() })
        throw error
      }
    },
    close: () => transport.close(),
  }
}
