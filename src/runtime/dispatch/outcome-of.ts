import type { DeliveryNote, Outcome, OutcomeBase, Verdict } from '../../outcome'
import type { AttemptRecord } from '../../queue/delivery'
import { redactedFault } from '../open/connection-redact'
import type { OpenConnection } from '../open/open-connection'
import { isoTime } from '../system-clock'
import type { OpenDelivery } from './open-delivery'

/** The outcome of a delivery. Texts are redacted here, once, for everyone who reads outcomes. */
export function outcomeOf(
  delivery: OpenDelivery,
  verdict: Verdict,
  notes: readonly DeliveryNote[] | undefined,
): Outcome {
  const { connection, subscription, attemptEndedAt } = delivery
  // One literal, and no spread where the event was delivered: this is made for every event.
  const outcome = {
    index: delivery.index,
    messageId: delivery.event?.messageId,
    connection: connection.name,
    subscription: subscription.name,
    action: subscription.action,
    attempt: delivery.attempt,
    idempotencyKey: delivery.idempotencyKey,
    durationMs: attemptEndedAt === 0 ? 0 : Math.round(attemptEndedAt - delivery.attemptStartedAt),
    kind: verdict.kind,
  } as { -readonly [Property in keyof OutcomeBase]: OutcomeBase[Property] } & {
    kind: Outcome['kind']
    status?: number
  }
  const { tooLargeBatch } = delivery
  const told = tooLargeBatch === 0 ? notes : [...(notes ?? []), splitNote(tooLargeBatch)]
  if (told !== undefined) outcome.notes = told.map((note) => redactedNote(note, connection))
  if (verdict.kind === 'delivered') {
    if (verdict.status !== undefined) outcome.status = verdict.status
  } else
    Object.assign(outcome, verdict, verdict.kind !== 'skipped' && redactedFault(verdict, connection.redact))
  return outcome as Outcome
}

const splitNote = (count: number): DeliveryNote => ({
  reason: `the destination found a batch of ${count} too large, so it was sent in smaller ones`,
})

const redactedNote = ({ field, reason }: DeliveryNote, { redact }: OpenConnection): DeliveryNote => ({
  ...(field === undefined ? {} : { field }),
  reason: redact.text(reason),
})

/** The record of an attempt that will be followed by another. `now` in milliseconds since the epoch. */
export function attemptRecord(outcome: Outcome, now: number, nextAfterMs: number): AttemptRecord {
  const { code, status, message } = outcome as { code?: string; status?: number; message?: string }
  return {
    attempt: outcome.attempt,
    at: isoTime(now),
    kind: outcome.kind,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(message === undefined ? {} : { message }),
    nextAfterMs,
  }
}
