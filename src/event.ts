/**
 * A Segment event as it arrives: one JSON object of the Segment Spec (identify, track, page, screen, group,
 * alias). Waybill reads it and never changes it; unknown members are allowed and can be mapped.
 */
export type SegmentEvent = {
  readonly type?: string
  /** Unique per message; the source of the idempotency key. */
  readonly messageId?: string
  readonly userId?: string | null
  readonly anonymousId?: string | null
  readonly event?: string
  readonly name?: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly traits?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
  /** Which destinations may receive the event; see `runtime/integrations.ts`. */
  readonly integrations?: Readonly<Record<string, unknown>>
  /** ISO 8601. */
  readonly timestamp?: unknown
  readonly [member: string]: unknown
}
