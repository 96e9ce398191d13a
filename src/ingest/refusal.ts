/**
 * Why one event is not taken; its neighbors are. The first ten are Segment's own names ("Delivery Overview", discarded
 * events), the others ours. The page `docs/ingest.md` holds the same rows; a test compares the two.
 */
export const refusalTable = {
  no_user_anon_id: 'The event has neither userId nor anonymousId.',
  id_not_string: 'userId or anonymousId is empty, or not a string.',
  event_not_defined: 'A track call has no event name.',
  event_not_string: 'The event name of a track call is not a string.',
  properties_not_object: 'properties is not an object.',
  traits_not_object: 'traits is not an object.',
  name_not_string: 'The name of a page or screen call is empty, or not a string.',
  category_not_string: 'The category of a page or screen call is empty, or not a string.',
  invalid_type: 'type is none of identify, track, page, screen, group, alias.',
  message_not_object: 'The event is not an object.',
  message_id_invalid: 'messageId is not a string, too long, or holds a NUL character.',
  id_unreadable: 'An id holds a NUL character, which no store keeps.',
  event_too_large: 'The event is larger than limits.eventBytes.',
  event_too_deep: 'The event is nested deeper than 200 levels.',
  unsafe_key: 'The event holds a property called __proto__.',
  batch_too_many: 'The batch holds more than limits.events events; those after them are refused.',
  invalid_write_key: 'The event names a write key that no source has.',
  source_disabled: 'The source is switched off.',
  refused_by_store: 'The store refused this event, and took the others.',
} as const satisfies Record<string, string>

export type RefusalCode = keyof typeof refusalTable

/** Something odd in an event that was taken all the same. */
export const warningTable = {
  group_without_user: 'A group call has a groupId only: Segment would drop it.',
  alias_without_user: 'An alias call has a previousId only: Segment would drop it.',
  bad_timestamp: 'A time stamp cannot be read as a date, and counts as absent.',
  context_not_object: 'context or integrations is not an object, and counts as absent.',
} as const satisfies Record<string, string>

export type WarningCode = keyof typeof warningTable

/** One event that was not taken, for the operator. */
export type Refusal = {
  /** Name of the source; absent where the key is unknown. */
  readonly source?: string
  /** Position in the request's batch, from 0. */
  readonly index: number
  readonly code: RefusalCode
  /** What is wrong, in a sentence; no value of the event. */
  readonly message: string
  /** The event as it came, without its write key; absent for one larger than the limit. */
  readonly event?: unknown
  readonly messageId?: string
  /** Name of the SDK that sent it. */
  readonly library?: string
  /** ISO 8601. */
  readonly receivedAt: string
}
