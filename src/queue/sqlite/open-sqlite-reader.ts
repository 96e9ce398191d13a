import { existsSync } from 'node:fs'
import { QueueError } from '../../errors'
import { createHolds } from '../holds'
import type { StoreReader } from '../store'
import { createStoreClock } from '../store-clock'
import { openDatabase } from './database'
import { createDeadReader } from './read-dead'
import { readJourney } from './read-journey'
import { createStatsReader } from './read-stats'
import { createWaitingReader } from './read-waiting'
import { checkSchema } from './schema'
import { createSqliteLanes } from './sqlite-lanes'
import { loadHolds } from './sqlite-queue'
import { createStateReader } from './sqlite-state'

/**
 * Opens a store for reading, beside the process that owns it.
 * @throws QueueError QUEUE_UNAVAILABLE, QUEUE_VERSION
 */
export async function openSqliteReader({ file }: { readonly file: string }): Promise<StoreReader> {
  if (!existsSync(file)) throw new QueueError('QUEUE_UNAVAILABLE', `there is no store ${file}`)
  const database = openDatabase(file, { readOnly: true })
  try {
    if (checkSchema(database, file) === 0)
      throw new QueueError('QUEUE_UNAVAILABLE', `${file} is empty: nothing has been put there`)
    const clock = createStoreClock()
    const lanes = createSqliteLanes(database)
    const holds = createHolds()
    const stats = createStatsReader(database, lanes, holds, clock)
    const { list, count, reasons } = createDeadReader(database, lanes)
    return {
      dead: { list, count, reasons },
      waiting: { list: createWaitingReader(database, lanes, clock) },
      state: createStateReader(database),
      journey: (messageId) => readJourney(database, lanes, clock, messageId),
      stats() {
        loadHolds({ puts: database, holds })
        return stats()
      },
      close: async () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}
