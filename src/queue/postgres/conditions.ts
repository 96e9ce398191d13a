import type { DeadFilter } from '../queue'
import type { WaitingFilter } from '../store'
import { toStoredText } from '../stored-text'
import type { PostgresLane } from './postgres-lanes'

/** Conditions of a WHERE, with their values from `$1` on. */
export type Conditions = { readonly sql: string; readonly values: unknown[] }

export function conditionsOf(
  filter: WaitingFilter & DeadFilter,
  lanes: readonly PostgresLane[],
  after?: { readonly column: string; readonly comparison: '<' | '>'; readonly value: string },
): Conditions {
  const parts: string[] = []
  const values: unknown[] = []
  const add = (condition: (place: string) => string, value: unknown) => {
    values.push(value)
    parts.push(condition(`$${values.length}`))
  }
  const { connection, subscription, person, messageId, ids, reason, since, until } = filter
  if (connection !== undefined || subscription !== undefined) {
    const meant = lanes.filter(
      (lane) =>
        (connection === undefined || lane.connection === connection) &&
        (subscription === undefined || lane.subscription === subscription),
    )
    add(
      (place) => `lane = ANY (${place}::int[])`,
      meant.map(({ id }) => id),
    )
  }
  if (person !== undefined) {
    const connections = [...new Set(lanes.map(({ connectionId }) => connectionId))]
    add(
      (place) => `key = ANY (${place}::text[])`,
      connections.map((id) => `${id}:${toStoredText(person)}`),
    )
  }
  if (messageId !== undefined) add((place) => `message_id = ${place}`, toStoredText(messageId))
  if (ids !== undefined)
    add(
      (place) => `id = ANY (${place}::bigint[])`,
      ids.filter((id) => /^\d{1,18}$/.test(id)),
    )
  if (reason !== undefined) add((place) => `reason = ${place}`, toStoredText(reason))
  if (since !== undefined) add((place) => `died_at >= ${place}`, since)
  if (until !== undefined) add((place) => `died_at < ${place}`, until)
  if (after !== undefined) add((place) => `${after.column} ${after.comparison} ${place}`, after.value)
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), values }
}
