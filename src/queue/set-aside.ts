import type { Outcome } from '../outcome'
import type { Delivery } from './delivery'

export const setAsideReason = 'SET_ASIDE'

/** The outcome of a delivery that a person took out of the line. */
export const setAsideOutcome = (delivery: Delivery): Outcome => ({
  kind: 'rejected',
  index: 0,
  ...(delivery.event.messageId !== undefined && { messageId: delivery.event.messageId }),
  connection: delivery.connection,
  subscription: delivery.subscription,
  attempt: delivery.attempt,
  idempotencyKey: delivery.idempotencyKey,
  durationMs: 0,
  owner: 'configuration',
  code: setAsideReason,
  message: 'set aside by an operator, so that the deliveries behind it go on',
})
