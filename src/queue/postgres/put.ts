import type { SegmentEvent } from '../../event'
import type { Delivery } from '../delivery'
import { checkDeliveries, eventBody } from '../delivery-problem'
import type { PutOptions, PutResult } from '../queue'
import { toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { createGather } from './gather'
import type { PostgresCore } from './postgres-core'

type Item = {
  readonly event: SegmentEvent
  readonly body: string
  /** For one statement: lane, id, message, key, received, first attempt, attempts, history, name of the event, delay. */
  readonly values: readonly (string | number | null)[]
}

/** Takes deliveries in; see `Queue.put`. */
export function createPut({ postgres: { query }, s, lanes, tell, dedupeMs }: PostgresCore) {
  const statement = `SELECT ${s}.put($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13) AS folded`

  async function send(items: readonly Item[]): Promise<boolean[]> {
    const numbers = new Map<SegmentEvent, number>()
    const bodies: string[] = []
    const events = items.map(({ event, body }) => {
      const number = numbers.get(event) ?? bodies.push(body)
      numbers.set(event, number)
      return number
    })
    const columns = Array.from({ length: 10 }, (_, column) => items.map(({ values }) => values[column]))
    const rows = await query<{ folded: number }>(statement, [bodies, events, ...columns, dedupeMs])
    const folded = new Set(rows.map((row) => row.folded))
    return items.map((_, index) => folded.has(index + 1))
  }
  const gather = createGather(send)

  return async (
    deliveries: readonly Delivery[],
    { delayMs, eventName }: PutOptions = {},
  ): Promise<PutResult> => {
    checkDeliveries(deliveries)
    const bodies = new Map<SegmentEvent, string>()
    deliveries.forEach(({ event }, index) => {
      if (!bodies.has(event)) bodies.set(event, eventBody(event, index))
    })
    if (deliveries.length === 0) return { duplicates: [] }
    const known = await lanes.of(deliveries)
    const items = deliveries.map((delivery, index): Item => {
      const { id, connectionId } = known[index] as { id: number; connectionId: number }
      const { event, person, history, receivedAt, firstAttemptAt, attempt } = delivery
      const name = eventName?.(delivery)
      return {
        event,
        body: bodies.get(event) ?? '',
        values: [
          id,
          `${id}:${toStoredText(delivery.idempotencyKey)}`,
          typeof event.messageId === 'string' ? toStoredText(event.messageId) : null,
          person === undefined ? null : `${connectionId}:${toStoredText(person)}`,
          receivedAt,
          firstAttemptAt,
          attempt,
          history.length === 0 ? null : JSON.stringify(history),
          name === undefined ? null : `event:${toStoredText(name)}`,
          timeAfter(0, delayMs),
        ],
      }
    })
    const folded = await gather(items)
    tell()
    return {
      duplicates: deliveries.filter((_, index) => folded[index]).map(({ idempotencyKey }) => idempotencyKey),
    }
  }
}
