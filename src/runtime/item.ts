import type { SegmentEvent } from '../event'
import type { DeliveryNote, Outcome, Verdict } from '../outcome'
import type { OpenConnection } from './open-connection'
import type { OpenSubscription } from './open-subscription'

/** One earlier attempt at an item, as dead letters and reports tell it. */
export type AttemptRecord = {
  readonly attempt: number
  /** ISO 8601. */
  readonly at: string
  readonly kind: Outcome['kind']
  readonly code?: string
  readonly status?: number
  readonly message?: string
  /** Milliseconds until the next attempt. */
  readonly nextAfterMs?: number
}

/** An event on its way through one subscription. */
export type Item = {
  readonly index: number
  readonly event: SegmentEvent
  readonly connection: OpenConnection
  readonly subscription: OpenSubscription
  readonly payload: unknown
  readonly idempotencyKey: string
  /** Attempts begun. */
  attempt: number
  /** Milliseconds since the epoch; 0 before the first attempt. */
  firstAttemptAt: number
  attemptStartedAt: number
  /** The access token of the latest attempt, to tell whether it has been replaced since. */
  accessToken: string | undefined
  hasRefreshed: boolean
  history: AttemptRecord[] | undefined
  leaveLane: (() => void) | undefined
}

/** An item before its first attempt. */
export const createItem = (
  index: number,
  event: SegmentEvent,
  connection: OpenConnection,
  subscription: OpenSubscription,
  payload: unknown,
  idempotencyKey: string,
): Item => ({
  index,
  event,
  connection,
  subscription,
  payload,
  idempotencyKey,
  attempt: 0,
  firstAttemptAt: 0,
  attemptStartedAt: 0,
  accessToken: undefined,
  hasRefreshed: false,
  history: undefined,
  leaveLane: undefined,
})

/** The record of an attempt that will be followed by another. */
export function attemptRecord(outcome: Outcome, now: number, nextAfterMs: number): AttemptRecord {
  const { code, status, message } = outcome as { code?: string; status?: number; message?: string }
  return {
    attempt: outcome.attempt,
    at: new Date(now).toISOString(),
    kind: outcome.kind,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(message === undefined ? {} : { message }),
    nextAfterMs,
  }
}

/** The outcome of an item. Texts are redacted here, once, for everyone who reads outcomes. */
export function outcomeOf(
  item: Item,
  verdict: Verdict,
  now: number,
  notes: readonly DeliveryNote[] | undefined,
): Outcome {
  const { connection, subscription } = item
  const base = {
    index: item.index,
    messageId: item.event.messageId,
    connection: connection.name,
    subscription: subscription.name,
    action: subscription.action,
    attempt: item.attempt,
    idempotencyKey: item.idempotencyKey,
    durationMs: item.attemptStartedAt === 0 ? 0 : now - item.attemptStartedAt,
  }
  const noted = notes === undefined ? base : { ...base, notes }
  if (verdict.kind === 'delivered' || verdict.kind === 'skipped') return { ...noted, ...verdict } as Outcome
  return { ...noted, ...verdict, ...redactedTexts(verdict, connection) } as Outcome
}

function redactedTexts(verdict: { message: string; vendorCode?: string }, { redact }: OpenConnection) {
  return {
    message: redact.text(verdict.message),
    ...(verdict.vendorCode === undefined ? {} : { vendorCode: redact.text(verdict.vendorCode) }),
  }
}
