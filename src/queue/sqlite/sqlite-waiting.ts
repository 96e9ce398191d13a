import { setAsideOutcome } from '../set-aside'
import type { WaitingDeliveries } from '../store'
import { createWaitingReader } from './read-waiting'
import { createSettlement } from './settle'
import type { SqliteCore } from './sqlite-core'

/** What waits in an owned store. */
export function createSqliteWaiting(core: SqliteCore, refuseWhenClosed: () => void): WaitingDeliveries {
  const { works, clock, lanes, settleGroup, wake } = core
  const list = createWaitingReader(works, lanes, clock)
  const settlement = createSettlement(core)
  const find = works.sql('SELECT seq, lane, key FROM job WHERE seq = ?')
  return {
    list,
    async setAside(id) {
      refuseWhenClosed()
      const after = String(Number(id) - 1)
      const { deliveries } = await list({}, { after, limit: 1 })
      const [found] = deliveries
      if (found === undefined || found.id !== id) return false
      const isDone = await settleGroup.add((undo) => {
        const [row] = find.all(Number(id))
        if (row === undefined) return false
        const job = { seq: Number(row[0]), lane: lanes.byId(Number(row[1])), key: row[2] as string | null }
        settlement.setAside(job, setAsideOutcome(found.delivery), undo)
        return true
      }, 1)
      wake.wake()
      return isDone
    },
  }
}
