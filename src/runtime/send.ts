import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import { type CallContext, MemoryCall } from './dispatch/memory-call'
import type { Only } from './dispatch/route'
import { skippedOutcome } from './dispatch/skipped-outcome'

/** What `send` is told besides the events. */
export type SendOptions = {
  /** What is in flight ends, what waits gets the outcome `retry` with the code INTERRUPTED. */
  readonly signal?: AbortSignal
  /** Restricts the events to one connection, or to one of its subscriptions; there are no outcomes of others then. */
  readonly only?: Only | ((index: number) => Only | undefined)
  /** Outcomes carry their `event`. Default false. */
  readonly withEvents?: boolean
}

/** Delivers events from memory: one outcome for each event and subscription, by place. */
export function sendAll(
  context: CallContext,
  events: readonly SegmentEvent[],
  { signal, only, withEvents = false }: SendOptions,
): Outcome[] | Promise<Outcome[]> {
  const { size, hasDeletions } = context.places
  const outcomes = new Array<Outcome>(events.length * size)
  const put = (index: number, place: number, outcome: Outcome): void => {
    if (withEvents) (outcome as { event?: SegmentEvent }).event = events[index] as SegmentEvent
    outcomes[index * size + place] = outcome
  }
  const call = new MemoryCall(
    context,
    {
      wantsOutcomes: true,
      settled: (delivery, _verdict, outcome) => put(delivery.index, delivery.place, outcome as Outcome),
      skipped: (index, event, { connection }, subscription, place, reason) =>
        put(index, place, skippedOutcome(index, event, connection, subscription, reason)),
    },
    signal,
  )
  for (let index = 0; index < events.length; index++)
    call.handOver(events[index] as SegmentEvent, index, typeof only === 'function' ? only(index) : only)
  // `filter` passes over places that nothing was put at: deletions, which `delete` events fill alone, and what `only` left out.
  const result = (): Outcome[] =>
    hasDeletions || only !== undefined ? outcomes.filter(() => true) : outcomes
  const isOver = call.finish()
  return isOver === undefined ? result() : isOver.then(result)
}
