import type { DeadFilter } from '../queue'
import type { WaitingFilter } from '../store'
import { toStoredText } from '../stored-text'
import { personKey, type SqliteLanes } from './sqlite-lanes'
import type { Conditions } from './windows'

const list = (values: readonly (string | number)[]): string => JSON.stringify(values)

/** The conditions that both tables share: lane, person and message. */
export function waitingConditions(filter: WaitingFilter, lanes: SqliteLanes): Conditions {
  const { connection, subscription, person, messageId } = filter
  const sql: string[] = []
  const values: string[] = []
  const add = (condition: string, value: string) => {
    sql.push(condition)
    values.push(value)
  }
  const isMeant = (lane: { connection: string; subscription: string }) =>
    (connection === undefined || lane.connection === connection) &&
    (subscription === undefined || lane.subscription === subscription)
  if (connection !== undefined || subscription !== undefined) {
    const ids = [...lanes.all()].filter(isMeant).map(({ id }) => id)
    add('lane IN (SELECT value FROM json_each(?))', list(ids))
  }
  if (person !== undefined) {
    const connections = new Set([...lanes.all()].map(({ connectionId }) => connectionId))
    add('key IN (SELECT value FROM json_each(?))', list([...connections].map((id) => personKey(id, person))))
  }
  if (messageId !== undefined) add('message_id = ?', toStoredText(messageId))
  return { sql, values, isIndexed: person !== undefined || messageId !== undefined }
}

export function deadConditions(filter: DeadFilter, lanes: SqliteLanes): Conditions {
  const shared = waitingConditions(filter, lanes)
  const sql = [...shared.sql]
  const values = [...shared.values]
  if (filter.ids !== undefined) {
    sql.push('id IN (SELECT value FROM json_each(?))')
    values.push(list(filter.ids.map(Number).filter(Number.isSafeInteger)))
  }
  if (filter.reason !== undefined) {
    sql.push('reason = ?')
    values.push(toStoredText(filter.reason))
  }
  if (filter.since !== undefined) {
    sql.push('died_at >= ?')
    values.push(filter.since)
  }
  if (filter.until !== undefined) {
    sql.push('died_at < ?')
    values.push(filter.until)
  }
  return { sql, values, isIndexed: shared.isIndexed === true || filter.ids !== undefined }
}
