import type { SegmentEvent } from '../../event'
import type { Delivery } from '../delivery'
import { checkDeliveries, eventBody } from '../delivery-problem'
import type { PutOptions } from '../queue'
import { toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { historyText, type SqliteCore } from './sqlite-core'
import { personKey, type SqliteLane } from './sqlite-lanes'

type Prepared = {
  readonly delivery: Delivery
  readonly lane: SqliteLane
  readonly key: string | null
  readonly deliveryId: string
  readonly seenId: string
  readonly eventId: string | undefined
}

/** Remembers ids for at least `dedupeMs`: this turn's and the last one's count. */
export function createSeen({ puts, clock, dedupeMs }: SqliteCore) {
  const insert = puts.sql('INSERT INTO seen (turn, id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const find = puts.sql('SELECT 1 FROM seen WHERE turn = ? AND id = ?')
  const any = puts.sql('SELECT 1 FROM seen WHERE turn = ? LIMIT 1')
  let turn = Number.NaN
  let hasEarlier = false
  return {
    turnTo() {
      const now = Math.floor(clock.now() / dedupeMs)
      if (now === turn) return
      turn = now
      hasEarlier = any.all(turn - 1).length > 0
    },
    has: (id: string): boolean =>
      find.all(turn, id).length > 0 || (hasEarlier && find.all(turn - 1, id).length > 0),
    /** False where it was there. */
    add: (id: string): boolean =>
      (!hasEarlier || find.all(turn - 1, id).length === 0) && insert.run(turn, id) > 0,
  }
}

/** Takes deliveries in; see `Queue.put`. */
export function createPut(core: SqliteCore) {
  const { puts, putGroup, clock, lanes, nextEvent, nextSeq, dueAt, wake } = core
  const seen = createSeen(core)
  const insertEvent = puts.sql('INSERT INTO event (id, refs, body) VALUES (?, ?, ?)')
  const insertJob = puts.sql(
    `INSERT INTO job (seq, event, lane, delivery_id, message_id, visible_at, not_before, received_at, first_attempt_at,
       attempt, unknown, history)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, 0, ?10)`,
  )
  const insertInOrder = puts.sql(
    `INSERT INTO job (seq, event, lane, delivery_id, message_id, visible_at, not_before, received_at, first_attempt_at,
       attempt, unknown, history, key)
     VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN EXISTS (SELECT 1 FROM job WHERE key = ?11) THEN NULL ELSE ?6 END, ?6, ?7, ?8,
       ?9, 0, ?10, ?11)`,
  )

  function prepare(delivery: Delivery, { eventName, deliveryName }: PutOptions): Prepared {
    const lane = lanes.of(delivery)
    const deliveryId = toStoredText(delivery.idempotencyKey)
    const name = eventName?.(delivery)
    const own = deliveryName?.(delivery)
    return {
      delivery,
      lane,
      deliveryId,
      key: delivery.person === undefined ? null : personKey(lane.connectionId, delivery.person),
      seenId: `${lane.id}:${own === undefined ? deliveryId : toStoredText(own)}`,
      eventId: name === undefined ? undefined : `event:${toStoredText(name)}`,
    }
  }

  /** Those that are new, with their duplicates told. */
  function sift(prepared: readonly Prepared[], duplicates: string[]): Prepared[] {
    const named = new Map<string, SegmentEvent>()
    return prepared.filter(({ delivery, eventId, seenId }) => {
      const isOfNewEvent = eventId === undefined || named.get(eventId) === delivery.event || seen.add(eventId)
      if (isOfNewEvent && eventId !== undefined) named.set(eventId, delivery.event)
      const isNew = isOfNewEvent && seen.add(seenId)
      if (!isNew) duplicates.push(delivery.idempotencyKey)
      return isNew
    })
  }

  function insert(fresh: readonly Prepared[], bodies: ReadonlyMap<SegmentEvent, string>, due: number): void {
    const counts = new Map<SegmentEvent, number>()
    for (const { delivery } of fresh) counts.set(delivery.event, (counts.get(delivery.event) ?? 0) + 1)
    const ids = new Map<SegmentEvent, number>()
    for (const { delivery, lane, key, deliveryId } of fresh) {
      const { event, receivedAt, firstAttemptAt, attempt, history } = delivery
      const id = ids.get(event) ?? nextEvent()
      if (!ids.has(event)) {
        ids.set(event, id)
        insertEvent.run(id, counts.get(event) ?? 1, bodies.get(event) ?? '')
      }
      const messageId = typeof event.messageId === 'string' ? toStoredText(event.messageId) : null
      const values = [nextSeq(), id, lane.id, deliveryId, messageId, due] as const
      const life = [receivedAt, firstAttemptAt, attempt, historyText(history)] as const
      if (key === null) insertJob.run(...values, ...life)
      else insertInOrder.run(...values, ...life, key)
      dueAt(lane, due)
    }
  }

  return async (
    deliveries: readonly Delivery[],
    options: PutOptions = {},
  ): Promise<{ duplicates: string[] }> => {
    checkDeliveries(deliveries)
    const bodies = new Map<SegmentEvent, string>()
    deliveries.forEach(({ event }, index) => {
      if (!bodies.has(event)) bodies.set(event, eventBody(event, index))
    })
    const prepared = deliveries.map((delivery) => prepare(delivery, options))
    const work = () => {
      const duplicates: string[] = []
      seen.turnTo()
      insert(sift(prepared, duplicates), bodies, timeAfter(clock.now(), options.delayMs))
      return { duplicates }
    }
    const result = await putGroup.add(work, deliveries.length)
    wake.wake()
    return result
  }
}
