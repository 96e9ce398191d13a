/** How much one request and one event may be. */
export type IngestLimits = {
  /** Bytes of a request's body, on the wire and inflated. Default 4 MiB: `@segment/analytics-node` 3.1 does not keep to its own limit. */
  readonly requestBytes: number
  /** Bytes of one event as JSON. Default 32 KiB. */
  readonly eventBytes: number
  /** Events in one batch; those after them are refused one by one. Default 10,000. */
  readonly events: number
  /** Characters of a message id. Default 1,000. */
  readonly messageIdLength: number
}

export const defaultLimits: IngestLimits = {
  requestBytes: 4 * 1024 * 1024,
  eventBytes: 32 * 1024,
  events: 10_000,
  messageIdLength: 1_000,
}

/** Those of Segment: HTTP API, "Rate limits" and "Max request size". */
export const strictLimits: IngestLimits = {
  requestBytes: 500 * 1024,
  eventBytes: 32 * 1024,
  events: 2_500,
  messageIdLength: 100,
}

/** Levels of objects and lists in one event, beyond which what reads it might run out of stack. */
export const maxDepth = 200

/** `strict`, or the default with changes. */
export const limitsOf = (limits: 'strict' | Partial<IngestLimits> = {}): IngestLimits =>
  limits === 'strict' ? strictLimits : { ...defaultLimits, ...limits }
