import type { Outcome } from '../../outcome'
import type { Settlement } from '../queue'
import { setAsideReason } from '../set-aside'
import { toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { historyText, type Lease, leaseOf, type SqliteCore } from './sqlite-core'

type Undo = (takeBack: () => void) => void

/** The statements that end or put back claims. They run within a transaction of the working connection. */
export function createSettlement({ works, clock, lanes, leases, dueAt, endedMs }: SqliteCore) {
  const putBack = works.sql(
    'UPDATE job SET visible_at = ?1, lease = NULL, unknown = (unknown OR ?2), history = ?3 WHERE seq = ?4',
  )
  const release = works.sql(
    'UPDATE job SET visible_at = ?, lease = NULL, attempt = attempt - 1 WHERE seq = ?',
  )
  const bury = works.sql(
    `INSERT INTO dead (event, lane, delivery_id, message_id, key, received_at, first_attempt_at, attempt, history, unknown,
       reason, outcome, died_at)
     SELECT event, lane, delivery_id, message_id, key, received_at, first_attempt_at, attempt, history, ?2, ?3, ?4, ?5
     FROM job WHERE seq = ?1`,
  )
  const count = works.sql(
    `INSERT INTO dead_count (lane, reason, count) VALUES (?, ?, 1)
     ON CONFLICT (lane, reason) DO UPDATE SET count = count + 1`,
  )
  const recall = works.sql(
    `INSERT INTO ended (lane, delivery_id, message_id, attempts, ended_at)
     SELECT lane, delivery_id, message_id, attempt, ?1 FROM job
     WHERE seq IN (SELECT value FROM json_each(?2)) AND message_id IS NOT NULL`,
  )
  const end = works.sql('DELETE FROM job WHERE seq IN (SELECT value FROM json_each(?))')
  const dropBodies = works.sql('DELETE FROM event WHERE id IN (SELECT value FROM json_each(?))')
  const dropReference = works.sql('UPDATE event SET refs = refs - 1 WHERE id = ?')
  const dropUnreferenced = works.sql('DELETE FROM event WHERE id = ? AND refs <= 0')
  const promote = works.sql(
    `UPDATE job SET visible_at = max(?1, not_before)
     WHERE visible_at IS NULL
       AND seq IN (SELECT (SELECT min(job.seq) FROM job WHERE job.key = people.value) FROM json_each(?2) AS people)
     RETURNING lane, visible_at`,
  )

  function promoteNext(ended: readonly Lease[], now: number): void {
    const keys = new Set<string>()
    for (const { key } of ended) if (key !== null) keys.add(key)
    if (keys.size === 0) return
    for (const [lane, at] of promote.all(now, JSON.stringify([...keys])))
      dueAt(lanes.byId(Number(lane)), Number(at))
  }

  function dropEvents(done: readonly Lease[]): void {
    const single = done.filter(({ refs }) => refs === 1).map(({ event }) => event)
    if (single.length > 0) dropBodies.run(JSON.stringify(single))
    for (const { refs, event } of done)
      if (refs > 1) {
        dropReference.run(event)
        dropUnreferenced.run(event)
      }
  }

  const seqsOf = (ended: readonly Lease[]): string => JSON.stringify(ended.map(({ seq }) => seq))

  /** Ends deliveries whose destination has them, or needs nothing. */
  function finish(done: readonly Lease[], now: number): void {
    if (done.length === 0) return
    if (endedMs > 0) recall.run(clock.toWall(now), seqsOf(done))
    end.run(seqsOf(done))
    dropEvents(done)
    promoteNext(done, now)
  }

  function die(
    lease: Pick<Lease, 'seq' | 'lane' | 'key'>,
    reason: string,
    outcome: Outcome,
    now: number,
  ): void {
    const stored = toStoredText(reason)
    const isUnknown = outcome.kind === 'unknown' ? 1 : 0
    bury.run(lease.seq, isUnknown, stored, JSON.stringify(outcome), clock.toWall(now))
    count.run(lease.lane.id, stored)
    end.run(JSON.stringify([lease.seq]))
  }

  function settleOne(item: Exclude<Settlement, { kind: 'done' }>, lease: Lease, now: number): void {
    if (item.kind === 'dead') {
      die(lease, item.reason, item.outcome, now)
      promoteNext([lease], now)
      return
    }
    const at = timeAfter(now, item.afterMs)
    if (item.kind === 'release') release.run(at, lease.seq)
    else putBack.run(at, item.unknown ? 1 : 0, historyText([...lease.history, item.record]), lease.seq)
    dueAt(lease.lane, at)
  }

  return {
    /** The leases that are not ours any more. */
    settle(items: readonly Settlement[], undo: Undo): { late: string[] } {
      const now = clock.now()
      const late: string[] = []
      const done: Lease[] = []
      for (const item of items) {
        const lease = leaseOf(leases, item.lease)
        if (lease === undefined) {
          late.push(item.lease)
          continue
        }
        leases.delete(lease.seq)
        undo(() => leases.set(lease.seq, lease))
        if (item.kind === 'done') done.push(lease)
        else settleOne(item, lease, now)
      }
      finish(done, now)
      return { late }
    },
    /** Makes a delivery that has not ended a dead letter, whoever has it. */
    setAside(job: Pick<Lease, 'seq' | 'lane' | 'key'>, outcome: Outcome, undo: Undo): void {
      const now = clock.now()
      const lease = leases.get(job.seq)
      leases.delete(job.seq)
      if (lease !== undefined) undo(() => leases.set(job.seq, lease))
      die(job, setAsideReason, outcome, now)
      promoteNext([job as Lease], now)
    },
  }
}
