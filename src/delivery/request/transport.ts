/** One request as it goes on the wire. Header names are lower case. */
export type WireRequest = {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | undefined
  /** Milliseconds from now until the last byte of the answer must be in; `Infinity` for no limit. */
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  readonly signal: AbortSignal | undefined
}

/** An answer with its whole body. */
export type WireResponse = {
  readonly status: number
  readonly statusText: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
}

/**
 * The way to the network. `send` resolves when the whole answer is in, and rejects with a `NetworkError` that says
 * whether the request can have reached the destination. Redirects are answers like any other.
 */
export type Transport = {
  send(request: WireRequest): Promise<WireResponse>
  /** Closes idle connections; requests in flight end first. */
  close(): Promise<void>
}
