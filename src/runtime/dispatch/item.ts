import type { SegmentEvent } from '../../event'
import type { DeliveryNote, Outcome, OutcomeBase, Verdict } from '../../outcome'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import { idempotencyKey } from './idempotency-key'

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
export class Item {
  /** Attempts begun. */
  attempt = 0
  /** Milliseconds since the epoch; 0 before the first attempt. */
  firstAttemptAt = 0
  attemptStartedAt = 0
  /** The access token of the latest attempt, to tell whether it has been replaced since. */
  accessToken: string | undefined = undefined
  hasRefreshed = false
  history: AttemptRecord[] | undefined = undefined
  leaveLane: (() => void) | undefined = undefined

  constructor(
    readonly index: number,
    readonly event: SegmentEvent,
    readonly connection: OpenConnection,
    readonly subscription: OpenSubscription,
    readonly payload: unknown,
    /** Whether no earlier subscription of the connection wants the event. */
    private readonly isFirstMatch: boolean,
    /** The key of earlier attempts, where there were some. */
    private key: string | undefined,
  ) {}

  /** Made when it is first read. */
  get idempotencyKey(): string {
    this.key ??= idempotencyKey(this.event, this.isFirstMatch, this.subscription.name)
    return this.key
  }

  /** An attempt begins; `now` in milliseconds since the epoch. */
  begin(now: number): void {
    this.attempt += 1
    this.attemptStartedAt = now
    this.accessToken = this.connection.credentials.auth.accessToken
    if (this.firstAttemptAt === 0) this.firstAttemptAt = now
  }
}

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
  // One literal, and no spread where the event was delivered: this is made for every event.
  const outcome = {
    index: item.index,
    messageId: item.event.messageId,
    connection: connection.name,
    subscription: subscription.name,
    action: subscription.action,
    attempt: item.attempt,
    idempotencyKey: item.idempotencyKey,
    durationMs: item.attemptStartedAt === 0 ? 0 : now - item.attemptStartedAt,
    kind: verdict.kind,
  } as { -readonly [Member in keyof OutcomeBase]: OutcomeBase[Member] } & {
    kind: Outcome['kind']
    status?: number
  }
  if (notes !== undefined) outcome.notes = notes
  if (verdict.kind === 'delivered') {
    if (verdict.status !== undefined) outcome.status = verdict.status
  } else Object.assign(outcome, verdict, verdict.kind !== 'skipped' && redactedTexts(verdict, connection))
  return outcome as Outcome
}

function redactedTexts(verdict: { message: string; vendorCode?: string }, { redact }: OpenConnection) {
  return {
    message: redact.text(verdict.message),
    ...(verdict.vendorCode === undefined ? {} : { vendorCode: redact.text(verdict.vendorCode) }),
  }
}
