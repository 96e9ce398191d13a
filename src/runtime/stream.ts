import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import type { AttemptRecord } from '../queue/delivery'
import { type CallContext, MemoryCall } from './dispatch/memory-call'
import type { Only } from './dispatch/route'
import { createTotals, type Totals } from './dispatch/totals'
import { guarded } from './listeners'
import { stoppable } from './stoppable'

/** What `stream` is told besides the events. */
export type StreamOptions = {
  /**
   * Stops reading, even where the source is silent; what is in flight ends, what waits gets the outcome `retry` with the
   * code INTERRUPTED.
   */
  readonly signal?: AbortSignal
  /**
   * Called once for each event and subscription, in the order in which they end; not for skips, which only the
   * totals count. `attempts` are those before the last.
   */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent, attempts: readonly AttemptRecord[]) => void
  /** Restricts events to the subscription from which they came back; by position in the source. */
  readonly only?: (index: number) => Only | undefined
}

export type EventSource = AsyncIterable<readonly SegmentEvent[]> | Iterable<readonly SegmentEvent[]>

/** Delivers a source of any length from memory, and counts what became of it. */
export async function streamAll(
  context: CallContext,
  source: EventSource,
  { signal: wish, onOutcome, only }: StreamOptions,
): Promise<Totals> {
  const { dispatcher, calls } = context
  const tell = guarded('onOutcome', onOutcome, context.report)
  const { signal, release } = stoppable(wish, calls)
  const totals = createTotals(dispatcher.connections.map(({ connection }) => connection))
  const call = new MemoryCall(
    context,
    {
      wantsOutcomes: tell !== undefined,
      settled({ connection, subscription, event, history }, verdict, outcome) {
        if (verdict.kind === 'skipped') totals.count(connection, subscription, 'skipped', verdict.reason)
        else {
          totals.count(connection, subscription, verdict.kind)
          if (outcome !== undefined) tell?.(outcome, event, history ?? [])
        }
      },
      skipped: (_index, _event, { connection }, subscription, _place, reason) =>
        totals.count(connection, subscription, 'skipped', reason),
    },
    signal,
  )
  let index = 0
  try {
    for await (const events of untilAborted(source, signal)) {
      for (const event of events) {
        if (call.isInterrupted) break
        call.handOver(event, index, only?.(index))
        index += 1
        totals.value.events += 1
        const room = dispatcher.untilRoom(signal)
        if (room !== undefined) await room
      }
      if (call.isInterrupted) break
    }
  } finally {
    await call.finish()
    release()
  }
  return totals.value
}

/** A source that ends when the signal fires, whatever it waits for. */
function untilAborted(source: EventSource, signal: AbortSignal): EventSource {
  return {
    async *[Symbol.asyncIterator]() {
      const iterator =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
      let stop = (): void => undefined
      const onAbort = (): void => stop()
      signal.addEventListener('abort', onAbort)
      let isOver = signal.aborted
      try {
        while (!isOver && !signal.aborted) {
          // No race with a promise that lasts as long as the source: it would keep everything that was read.
          const next = await new Promise<IteratorResult<readonly SegmentEvent[]>>((resolve, reject) => {
            stop = () => resolve({ done: true, value: undefined })
            Promise.resolve(iterator.next()).then(resolve, reject)
          })
          isOver = next.done === true || signal.aborted
          if (next.done !== true) yield next.value
        }
      } catch (error) {
        isOver = true
        throw error
      } finally {
        signal.removeEventListener('abort', onAbort)
        // A source that is silent does not answer this either.
        Promise.resolve(iterator.return?.()).catch(() => undefined)
      }
    },
  }
}
