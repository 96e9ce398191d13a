import type { SegmentEvent } from '../../event'
import type { Claimed, ClaimOptions } from '../queue'
import { fromStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import type { SqlRow } from './database'
import { historyOf, leaseName, type SqliteCore } from './sqlite-core'
import { personOf, type SqliteLane } from './sqlite-lanes'

type Taken = { readonly lane: SqliteLane; readonly row: SqlRow }

/** Gives due deliveries out; see `Queue.claim`. */
export function createClaim(core: SqliteCore, isClosed: () => boolean) {
  const { works, clock, lanes, holds, leases, wake } = core
  const take = works.sql(
    `UPDATE job SET visible_at = ?1, lease = ?2, attempt = attempt + 1, unknown = (unknown OR lease IS NOT NULL),
       first_attempt_at = CASE WHEN attempt = 0 THEN ?3 ELSE first_attempt_at END
     WHERE seq IN (SELECT seq FROM job WHERE lane = ?4 AND visible_at <= ?3 ORDER BY visible_at, seq LIMIT ?5)
     RETURNING seq, event, delivery_id, key, received_at, first_attempt_at, attempt, unknown, history`,
  )
  const head = works.sql(
    'SELECT visible_at FROM job WHERE lane = ? AND visible_at IS NOT NULL ORDER BY visible_at LIMIT 1',
  )
  const events = works.sql('SELECT id, refs, body FROM event WHERE id IN (SELECT value FROM json_each(?))')
  let lastToken = Math.floor(Math.random() * 2 ** 48)

  function takeOf(lane: SqliteLane, count: number, now: number, until: number): Taken[] {
    const rows = take.all(until, lastToken, now, lane.id, count)
    if (rows.length < count) lane.nextAt = Number(head.all(lane.id)[0]?.[0] ?? Number.POSITIVE_INFINITY)
    return rows.sort((a, b) => Number(a[0]) - Number(b[0])).map((row) => ({ lane, row }))
  }

  function lend(taken: readonly Taken[], until: number): Claimed[] {
    const ids = JSON.stringify(taken.map(({ row }) => row[1]))
    const bodies = new Map(events.all(ids).map(([id, refs, body]) => [id, { refs, body }]))
    const parsed = new Map<unknown, SegmentEvent>()
    return taken.map(({ lane, row }) => {
      const [seq, event, deliveryId, key, receivedAt, firstAttemptAt, counted, unknown, historyText] = row
      const body = bodies.get(event as number)
      if (!parsed.has(event)) parsed.set(event, JSON.parse(String(body?.body)) as SegmentEvent)
      const attempt = Number(counted) - 1
      const history = historyOf(historyText)
      leases.set(Number(seq), {
        token: lastToken,
        seq: Number(seq),
        event: Number(event),
        lane,
        key: key as string | null,
        refs: Number(body?.refs),
        attempt,
        history,
      })
      return {
        delivery: {
          event: parsed.get(event) as SegmentEvent,
          connection: lane.connection,
          subscription: lane.subscription,
          idempotencyKey: fromStoredText(String(deliveryId)),
          attempt,
          receivedAt: Number(receivedAt),
          firstAttemptAt: attempt === 0 ? 0 : Number(firstAttemptAt),
          history,
          ...(key !== null && { person: personOf(String(key)) }),
        },
        lease: leaseName(Number(seq), lastToken),
        leaseUntil: clock.toWall(until),
        maybeDone: unknown === 1,
      }
    })
  }

  function claimNow(options: ClaimOptions, isOpen: (lane: SqliteLane, now: number) => boolean): Claimed[] {
    const now = clock.now()
    const { max, perLane, leaseMs } = options
    const due = [...lanes.turns.all()].filter((lane) => lane.nextAt <= now && isOpen(lane, now))
    if (due.length === 0) return []
    lastToken += 1
    const limits = { max, ...(perLane !== undefined && { perLane }) }
    const until = timeAfter(now, leaseMs)
    const nextAts = due.map((lane) => lane.nextAt)
    try {
      return works.transaction(() => {
        const taken = lanes.turns.share(due, limits, (lane, count) => takeOf(lane, count, now, until))
        return lend(taken, until)
      })
    } catch (error) {
      due.forEach((lane, index) => {
        lane.nextAt = nextAts[index] as number
      })
      throw error
    }
  }

  function sleepMs(isOpen: (lane: SqliteLane, now: number) => boolean): number {
    const now = clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const lane of lanes.all()) if (isOpen(lane, now)) next = Math.min(next, lane.nextAt)
    return Math.max(1, next - now)
  }

  return async (options: ClaimOptions): Promise<Claimed[]> => {
    const left = new Set((options.heldLanes ?? []).map((lane) => lanes.of(lane)))
    const isOpen = (lane: SqliteLane, now: number) => !left.has(lane) && holds.of(lane, now) === undefined
    while (!options.signal?.aborted && !isClosed() && options.max > 0) {
      const claimed = claimNow(options, isOpen)
      if (claimed.length > 0) return claimed
      await wake.sleep(sleepMs(isOpen), options.signal)
    }
    return []
  }
}
