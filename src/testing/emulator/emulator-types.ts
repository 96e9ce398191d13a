/** A request as the emulated vendor sees it. Header names are in lower case. */
export type EmulatorRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly receivedAt: number
}

/** What the vendor answers. An object as `body` goes as JSON, a text as it is. */
export type EmulatorAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Something that goes wrong, on purpose. */
export type EmulatorFault = {
  /** Which requests; absent: all. */
  readonly match?: { readonly method?: string; readonly path?: string }
  /** How many requests. Default 1. */
  readonly times?: number
  /** Answers this instead of asking the vendor. */
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Value of `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter?: string | number
  /** Milliseconds before the answer. */
  readonly delayMs?: number
  /** Never send the headers, or begin a body and never end it. */
  readonly stall?: 'headers' | 'body'
  /** Drop the connection: before the vendor processes the request, or after, so that its answer is lost. */
  readonly reset?: 'before' | 'after'
}

/** A request and what became of it. */
export type LoggedRequest = EmulatorRequest & {
  readonly status: number | undefined
  /** What the vendor answered; absent where a fault kept it from processing the request. */
  readonly answer?: EmulatorAnswer
  /** Milliseconds from the last byte of the request to the answer. */
  readonly durationMs: number
  readonly fault?: EmulatorFault
}

export type EmulatorHandler = (request: EmulatorRequest) => EmulatorAnswer | Promise<EmulatorAnswer>

/** A running emulator. */
export type Emulator = {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** The last requests, oldest first; at most 10,000. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests came in all. */
  readonly requestCount: number
  fault(fault: EmulatorFault): void
  /** Forgets faults that have not happened yet. */
  clearFaults(): void
  /** Forgets requests and faults; the vendor's own state is the vendor's to reset. */
  clear(): void
  close(): Promise<void>
}
