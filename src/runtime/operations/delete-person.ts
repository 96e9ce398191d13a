import type { SegmentEvent } from '../../event'
import type { Outcome } from '../../outcome'
import { type CallContext, MemoryCall } from '../dispatch/memory-call'
import { skippedOutcome } from '../dispatch/skipped-outcome'
import type { OpenConnection } from '../open/open-connection'
import { notSupported } from './find'

/** Whom a destination is to delete: one of the ids at least. */
export type Person = {
  readonly userId?: string
  readonly anonymousId?: string
  /** The source of the idempotency key. Default: made of the ids, so that a repeated call is recognized. */
  readonly messageId?: string
}

/**
 * Deletes what the destination holds of a person, as a `delete` event does.
 * @throws ConfigurationError NOT_SUPPORTED for a destination without `onDelete`.
 */
export function deletePerson(
  context: CallContext,
  connection: OpenConnection,
  person: Person,
): Promise<Outcome> {
  const subscription = connection.subscriptions.find(({ isDeletion }) => isDeletion)
  if (subscription === undefined)
    return Promise.reject(notSupported(`the destination ${connection.destination.name} has no onDelete`))
  const event: SegmentEvent = { ...person, type: 'delete' }
  return new Promise((resolve) => {
    const call = new MemoryCall(
      context,
      {
        wantsOutcomes: true,
        settled: (_delivery, _verdict, outcome) => resolve(outcome as Outcome),
        skipped: (index, skipped, at, by, _place, reason) =>
          resolve(skippedOutcome(index, skipped, at.connection, by, reason)),
      },
      undefined,
    )
    call.handOver(event, 0, { connection: connection.name, subscription: subscription.name })
    call.finish()
  })
}
