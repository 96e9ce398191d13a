import type { SegmentEvent } from '../../event'
import type { Skipped, SkipReason } from '../../outcome'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'

/** The outcome of an event that a subscription, or its whole connection, does not want. */
export const skippedOutcome = (
  index: number,
  event: SegmentEvent,
  connection: OpenConnection,
  subscription: OpenSubscription,
  reason: SkipReason,
): Skipped => ({
  kind: 'skipped',
  reason,
  index,
  messageId: event.messageId as string,
  connection: connection.name,
  subscription: subscription.name,
  action: subscription.action,
  attempt: 0,
  durationMs: 0,
})
