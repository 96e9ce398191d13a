import type { SegmentEvent } from '../event'
import type { Outcome, SkipReason, Verdict } from '../outcome'
import type { Delivery } from '../queue/delivery'
import { problemOf } from '../queue/delivery-problem'
import type { Queue, PutOptions as QueuePutOptions } from '../queue/queue'
import type { ConnectionDispatcher } from './dispatch/connection-dispatcher'
import { idempotencyKey } from './dispatch/idempotency-key'
import { personKeys } from './dispatch/order'
import { isEvent, type Only, type Route, routeEvent, routeNonEvent } from './dispatch/route'
import { notAnEvent, notKept } from './dispatch/runtime-verdicts'
import type { OpenSubscription } from './open/open-subscription'
import type { RunningClock } from './system-clock'

/** What `put` is told besides the events. */
export type PutOptions = QueuePutOptions & {
  /** Restricts the events to one connection, or to one of its subscriptions. */
  readonly only?: Only | ((index: number) => Only | undefined)
  /** Called for each subscription that does not want an event. */
  readonly onSkipped?: (index: number, connection: string, subscription: string, reason: SkipReason) => void
}

/** What became of events that were put. */
export type PutReport = {
  /** Deliveries that the queue holds now, those that it held before included. */
  readonly deliveries: number
  /** Idempotency keys of deliveries that the queue knew already. */
  readonly duplicates: readonly string[]
  /** How often a subscription did not want an event. */
  readonly skipped: number
  /** What no queue can keep: it was left out, and everything else was put. */
  readonly invalid: readonly Outcome[]
}

/** Routes events, and puts their deliveries into a queue in one call. */
export async function putAll(
  { routes, clock }: { readonly routes: readonly Route[]; readonly clock: RunningClock },
  queue: Queue,
  events: readonly SegmentEvent[],
  { only, onSkipped, ...options }: PutOptions,
): Promise<PutReport> {
  const deliveries: Delivery[] = []
  const invalid: Outcome[] = []
  const receivedAt = clock.now()
  let skipped = 0
  events.forEach((event, index) => {
    const wanted = typeof only === 'function' ? only(index) : only
    const refuse = (
      dispatcher: ConnectionDispatcher,
      subscription: OpenSubscription,
      verdict: Verdict,
    ): void => {
      invalid.push(unattempted(index, event, dispatcher, subscription, verdict))
    }
    if (!isEvent(event)) {
      routeNonEvent(routes, wanted, (dispatcher, subscription) =>
        refuse(dispatcher, subscription, notAnEvent(event)),
      )
      return
    }
    routeEvent(routes, event, wanted, {
      matched(dispatcher, subscription, _place, isFirstMatch) {
        const delivery: Delivery = {
          event,
          connection: dispatcher.connection.name,
          subscription: subscription.name,
          idempotencyKey: wanted?.idempotencyKey ?? idempotencyKey(event, isFirstMatch, subscription.name),
          attempt: 0,
          receivedAt,
          firstAttemptAt: 0,
          history: [],
          ...personOf(event, dispatcher),
        }
        const problem = problemOf(delivery)
        if (problem === undefined) deliveries.push(delivery)
        else refuse(dispatcher, subscription, notKept(`${problem.path} ${problem.message}`))
      },
      skipped({ connection }, subscription, _place, reason) {
        skipped += 1
        onSkipped?.(index, connection.name, subscription.name, reason)
      },
    })
  })
  const { duplicates } = deliveries.length === 0 ? { duplicates: [] } : await queue.put(deliveries, options)
  return { deliveries: deliveries.length, duplicates, skipped, invalid }
}

/** A queue keeps the order of one id: the user's, or else the anonymous one. */
function personOf(event: SegmentEvent, { connection }: ConnectionDispatcher): { person?: string } {
  const [person] = connection.isOrdered ? personKeys(event) : []
  return person === undefined ? {} : { person }
}

const unattempted = (
  index: number,
  event: SegmentEvent,
  { connection }: ConnectionDispatcher,
  subscription: OpenSubscription,
  verdict: Verdict,
): Outcome =>
  ({
    index,
    messageId: event?.messageId,
    connection: connection.name,
    subscription: subscription.name,
    action: subscription.action,
    attempt: 0,
    durationMs: 0,
    ...verdict,
  }) as Outcome
