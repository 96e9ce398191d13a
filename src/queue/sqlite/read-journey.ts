import type { Journey } from '../store'
import type { StoreClock } from '../store-clock'
import { fromStoredText, toStoredText } from '../stored-text'
import type { Database } from './database'
import { createDeadReader } from './read-dead'
import { createWaitingReader } from './read-waiting'
import type { SqliteLanes } from './sqlite-lanes'

/** What a store knows of an event. */
export async function readJourney(
  database: Database,
  lanes: SqliteLanes,
  clock: StoreClock,
  messageId: string,
): Promise<Journey> {
  const all = { limit: Number.MAX_SAFE_INTEGER }
  const { deliveries } = await createWaitingReader(database, lanes, clock)({ messageId }, all)
  const { letters } = await createDeadReader(database, lanes).list({ messageId }, all)
  const ended = database
    .sql('SELECT lane, delivery_id, attempts, ended_at FROM ended WHERE message_id = ? ORDER BY id')
    .all(toStoredText(messageId))
  return {
    waiting: deliveries,
    dead: letters,
    ended: ended.map(([lane, deliveryId, attempts, endedAt]) => {
      const { connection, subscription } = lanes.byId(Number(lane))
      const idempotencyKey = fromStoredText(String(deliveryId))
      return {
        connection,
        subscription,
        idempotencyKey,
        endedAt: Number(endedAt),
        attempts: Number(attempts),
      }
    }),
  }
}
