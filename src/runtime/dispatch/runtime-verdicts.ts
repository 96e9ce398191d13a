import type { Verdict } from '../../outcome'
import type { InvalidPayload } from '../../pipeline/prepare'

/** Verdicts on deliveries that the runtime itself did not attempt. */

export const interrupted: Verdict = {
  kind: 'retry',
  owner: 'waybill',
  code: 'INTERRUPTED',
  message: 'the run was interrupted before this was sent',
}

export const nothingToSend: Verdict = { kind: 'skipped', reason: 'nothing-to-send' }

export const invalidPayload = ({ message, fields }: InvalidPayload): Verdict => ({
  kind: 'invalid',
  owner: 'event',
  code: 'INVALID_PAYLOAD',
  message,
  fields,
})

/** What was handed over as an event is none. */
export const notAnEvent = (value: unknown): Verdict => ({
  kind: 'invalid',
  owner: 'event',
  code: 'INVALID_EVENT',
  message: `an event is an object; this is ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`,
  fields: [],
})

/** The event holds what no store can keep. */
export const notKept = (problem: string): Verdict => ({
  kind: 'invalid',
  owner: 'event',
  code: 'INVALID_DELIVERY',
  message: `cannot be stored: ${problem}`,
  fields: [],
})

/** An earlier attempt of another worker may have arrived. */
export const maybeDone: Verdict = {
  kind: 'unknown',
  owner: 'waybill',
  code: 'MAYBE_DELIVERED',
  message:
    'an earlier attempt did not tell its end, and the destination does not recognize repetitions; allow duplicates, or replay it',
}

/** The connection makes no progress and holds as much as it may. */
export const backlogFull = (maxPending: number): Verdict => ({
  kind: 'retry',
  owner: 'destination',
  code: 'BACKLOG_FULL',
  message: `not sent: ${maxPending} deliveries wait for this connection already, and it makes no progress`,
})

/** The destination asked to wait longer than the delivery is tried. */
export const connectionPaused = (afterMs: number): Verdict => ({
  kind: 'retry',
  owner: 'destination',
  code: 'CONNECTION_PAUSED',
  message: 'not sent, since the destination asked to wait',
  afterMs: Math.ceil(afterMs),
})

/** The operator paused the connection. */
export const connectionHeld: Verdict = {
  kind: 'retry',
  owner: 'configuration',
  code: 'CONNECTION_PAUSED',
  message: 'not sent, since the connection is paused; resume it to send',
}

/** The connection, or its subscription, is gone. */
export const connectionRemoved: Verdict = {
  kind: 'retry',
  owner: 'configuration',
  code: 'CONNECTION_REMOVED',
  message: 'not sent: the runtime does not have this connection or subscription any more',
}
