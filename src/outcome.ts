/** Who has to act when an event was not delivered. */
export type FaultOwner = 'event' | 'configuration' | 'destination' | 'network' | 'waybill'

/** Why an event was deliberately not sent. */
export type SkipReason =
  /** The subscription's filter does not match. */
  | 'not-subscribed'
  /** The event's `integrations` object turns this destination off. */
  | 'integrations'
  /** The connection's own filter does not match. */
  | 'connection-filter'
  /** The connection or the subscription is disabled. */
  | 'disabled'
  /** The action found nothing to send (for example an alias of an id to itself). */
  | 'nothing-to-send'

/** What is wrong with one field of a payload. Carries no value of the event. */
export type FieldProblem = {
  /** Key of the field with dots and indices: `products[0].price`. */
  readonly path: string
  /** The field's label, as its definition names it. */
  readonly label: string
  /** What the definition asks for: `string`, `one of "a", "b"`, `required`. */
  readonly expected: string
  /** The type that was found: `string`, `number`, `boolean`, `object`, `array`, `null`, `missing`. */
  readonly received: string
  /** The whole sentence for a person. */
  readonly message: string
}

/** Something an action left out of a request, or an event for which nothing had to be sent. */
export type DeliveryNote = {
  /** The vendor's field concerned, if one is. */
  readonly field?: string
  readonly reason: string
}

/** What every outcome carries, whatever its kind. */
export type OutcomeBase = {
  /** Position of the event in what was handed to the runtime, from 0. */
  readonly index: number
  readonly messageId?: string
  /** Name of the connection. */
  readonly connection: string
  /** Name of the subscription; absent when the whole connection skipped the event. */
  readonly subscription?: string
  /** Slug of the action; absent when the whole connection skipped the event. */
  readonly action?: string
  /** Attempts made so far, from 1; 0 when nothing was attempted. */
  readonly attempt: number
  /** The same for an event, subscription and action through every retry and regrouping. */
  readonly idempotencyKey?: string
  /** Milliseconds from the attempt's start to its end. */
  readonly durationMs: number
  readonly notes?: readonly DeliveryNote[]
}

/** What a failed attempt carries. Messages hold no secret and no value of the event. */
export type Fault = {
  readonly owner: FaultOwner
  /** Stable code: ours (docs/errors.md), or that of the definition's error. */
  readonly code: string
  readonly message: string
  /** HTTP status of the destination's answer, or the one that a definition's error states. */
  readonly status?: number
  /** The destination's own code or message, shortened, as the definition extracted it. */
  readonly vendorCode?: string
}

/** The destination accepted the event. */
export type Delivered = OutcomeBase & { readonly kind: 'delivered'; readonly status?: number }
/** Deliberately not sent. */
export type Skipped = OutcomeBase & { readonly kind: 'skipped'; readonly reason: SkipReason }
/** This event cannot satisfy the action's fields; sending it again changes nothing. */
export type Invalid = OutcomeBase &
  Fault & { readonly kind: 'invalid'; readonly fields: readonly FieldProblem[] }
/** A final refusal. */
export type Rejected = OutcomeBase & Fault & { readonly kind: 'rejected' }
/** Not delivered, may be sent again. `afterMs` is the destination's own wish, in milliseconds. */
export type Retry = OutcomeBase & Fault & { readonly kind: 'retry'; readonly afterMs?: number }
/** Sent, but no answer came: the destination may or may not have it. */
export type Unknown = OutcomeBase & Fault & { readonly kind: 'unknown' }
/** The credentials were refused: nothing of this connection can be delivered until they are changed. */
export type Blocked = OutcomeBase & Fault & { readonly kind: 'blocked' }

/** The one end of an event and a subscription. */
export type Outcome = Delivered | Skipped | Invalid | Rejected | Retry | Unknown | Blocked
export type OutcomeKind = Outcome['kind']

/** All kinds, in the order in which reports list them. */
export const outcomeKinds = [
  'delivered',
  'skipped',
  'invalid',
  'rejected',
  'retry',
  'unknown',
  'blocked',
] as const satisfies readonly OutcomeKind[]

/** What one attempt at one item came to, before the runtime adds who and where. */
export type Verdict =
  | { readonly kind: 'delivered'; readonly status?: number }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | (Fault & { readonly kind: 'invalid'; readonly fields: readonly FieldProblem[] })
  | (Fault & { readonly kind: 'rejected' | 'unknown' | 'blocked' })
  | (Fault & { readonly kind: 'retry'; readonly afterMs?: number })
