import type { Delivery } from '../delivery'
import { fromStoredText } from '../stored-text'
import type { SqlValue } from './database'
import { historyOf } from './sqlite-core'
import { personOf, type SqliteLanes } from './sqlite-lanes'

/** What a delivery is read from, where it waits and where it died alike. */
export const deliveryColumns =
  'lane, delivery_id, key, received_at, first_attempt_at, attempt, history' as const

/** The values of `deliveryColumns`, with the body of the event. */
export function storedDelivery(
  values: readonly (SqlValue | undefined)[],
  body: SqlValue | undefined,
  lanes: SqliteLanes,
): Delivery {
  const [lane, deliveryId, key, receivedAt, firstAttemptAt, attempt, history] = values
  const { connection, subscription } = lanes.byId(Number(lane))
  return {
    event: JSON.parse(String(body)),
    connection,
    subscription,
    idempotencyKey: fromStoredText(String(deliveryId)),
    attempt: Number(attempt),
    receivedAt: Number(receivedAt),
    firstAttemptAt: Number(firstAttemptAt),
    history: historyOf(history),
    ...(key !== null && { person: personOf(String(key)) }),
  }
}
