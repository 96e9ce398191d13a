import type { Accept } from './accept'
import type { IngestLimits } from './limits'
import type { Refusal } from './refusal'
import type { Source } from './source'

/** Called as things happen. One that throws changes nothing. */
export type IngestListeners = {
  /** An event was not taken; its neighbors were. */
  refused?(refusal: Refusal): void
  /** Nothing could be stored: the request got 429 or 503. */
  failed?(error: Error): void
}

export type IngestOptions = {
  readonly sources: readonly Source[]
  /** Stores events; `200` follows when it has resolved. */
  readonly accept: Accept
  /** What a request with a key of no source gets. `reject`: 401. `accept`: 200, as at Segment, and nothing is stored. Default `reject`. */
  readonly unknownKey?: 'reject' | 'accept'
  /** `strict`: Segment's own. */
  readonly limits?: 'strict' | Partial<IngestLimits>
  /** Address under which browsers and phones reach the server, such as `https://events.example.com`; without it there is no settings route. */
  readonly publicUrl?: string
  /** Addresses or ranges of proxies whose `X-Forwarded-For` is believed; `loopback` for this machine. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** Asked for a request with a Bearer token (OAuth mode of SDKs). False: 401. Default: the write key alone decides. */
  readonly authorize?: (token: string, writeKey: string) => boolean | Promise<boolean>
  /** Milliseconds for the whole body to arrive. Default 30,000. */
  readonly bodyTimeoutMs?: number
  /** Milliseconds for the store to take events; 503 after that. Default 30,000. */
  readonly storeTimeoutMs?: number
  /** Bytes of all bodies under way at a time; 429 beyond. Default 256 MiB. */
  readonly maxBufferedBytes?: number
  readonly on?: IngestListeners
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly now?: () => number
  /** From 0 up to 1. Default `Math.random`. */
  readonly random?: () => number
}
