import type { DeadFilter, DeadLetter } from './queue'

/** True where the filter admits the dead letter. */
export function isOfDeadFilter(filter: DeadFilter, { id, delivery, reason, diedAt }: DeadLetter): boolean {
  const { ids, connection, subscription, messageId, person, since, until } = filter
  return (
    (ids === undefined || ids.includes(id)) &&
    (connection === undefined || delivery.connection === connection) &&
    (subscription === undefined || delivery.subscription === subscription) &&
    (filter.reason === undefined || reason === filter.reason) &&
    (messageId === undefined || delivery.event.messageId === messageId) &&
    (person === undefined || delivery.person === person) &&
    (since === undefined || diedAt >= since) &&
    (until === undefined || diedAt < until)
  )
}
