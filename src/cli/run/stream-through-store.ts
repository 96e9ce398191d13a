import type { AttemptRecord, Outcome, Runtime, SegmentEvent, SubscriptionTotals, Totals } from 'waybill'
import type { LaneStats, Queue } from 'waybill/queue'
import type { EventReader } from '../input/read-events'
import { releaseBlocks } from '../store/release-blocks'
import type { RunState } from './run-state'

/** Everything that is needed to deliver an input by way of a store. */
export type StoreStream = {
  readonly runtime: Runtime
  readonly queue: Queue
  readonly run: RunState
  readonly reader: EventReader
  readonly batches: AsyncIterable<SegmentEvent[]>
  readonly signal: AbortSignal
  /** The input was read to its end. */
  readonly isWhole: () => boolean
  readonly onOutcome: (outcome: Outcome, event: SegmentEvent, attempts: readonly AttemptRecord[]) => void
  /** Called when the store takes nothing for now. */
  readonly onFull: () => void
}

/** Milliseconds between two looks at what is left, and between two puts into a full store. */
const pollMs = 100
const fullMs = 500

const after = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })

const isFull = (error: unknown): boolean => (error as { code?: unknown }).code === 'QUEUE_FULL'

/**
 * Puts the events of an input into a store while a worker delivers them, until the input and the store are empty. What a
 * kill leaves behind is in the store, and a further run goes on where this one was.
 */
export async function streamThroughStore(stream: StoreStream): Promise<Totals> {
  const { runtime, queue, run, reader, batches, signal, isWhole, onOutcome } = stream
  const stop = new AbortController()
  const abort = (): void => stop.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  await releaseBlocks(queue)
  const working = runtime.work(queue, { signal: stop.signal, onOutcome })
  const skips = createSkips()
  let events = 0
  try {
    for await (const batch of batches) {
      await putBatch(stream, batch, events, skips.add)
      events += batch.length
      await run.advance(reader.skipAfter(events))
    }
    await untilEmpty(runtime, queue, signal)
    if (isWhole() && !signal.aborted && (await left(runtime, queue)) === 0) await run.finish()
  } finally {
    signal.removeEventListener('abort', abort)
    abort()
  }
  const totals = await working
  skips.addTo(totals)
  return { ...totals, events }
}

async function putBatch(
  { runtime, queue, run, reader, signal, onOutcome, onFull }: StoreStream,
  batch: readonly SegmentEvent[],
  first: number,
  onSkipped: (connection: string, subscription: string, reason: string) => void,
): Promise<void> {
  const names = new Map(
    batch.map((event, index) => [event, `${run.id}:${reader.recordOf(first + index)}`] as const),
  )
  const targets = batch.map((_, index) => reader.targetOf(first + index))
  for (;;) {
    const skipped: [string, string, string][] = []
    try {
      const { invalid } = await runtime.put(queue, batch, {
        only: (index) => targets[index],
        deliveryName: ({ event }) => names.get(event),
        onSkipped: (_index, ...skip) => skipped.push(skip),
      })
      for (const skip of skipped) onSkipped(...skip)
      for (const outcome of invalid) onOutcome(outcome, batch[outcome.index] as SegmentEvent, [])
      return
    } catch (error) {
      if (!isFull(error) || signal.aborted) throw error
      onFull()
      await after(fullMs, signal)
    }
  }
}

/** How many deliveries of the runtime's connections have not ended. */
export async function left(runtime: Runtime, queue: Queue): Promise<number> {
  return (await lanesOf(runtime, queue)).reduce(
    (sum, { ready, waiting, leased }) => sum + ready + waiting + leased,
    0,
  )
}

async function lanesOf({ connections }: Runtime, queue: Queue): Promise<LaneStats[]> {
  const known = new Map(connections.map(({ name, subscriptions }) => [name, subscriptions]))
  return (await queue.stats()).filter(
    ({ connection, subscription }) => known.get(connection)?.includes(subscription) === true,
  )
}

/** Waits until everything has ended, apart from what a connection keeps that refuses its credentials or is paused. */
async function untilEmpty(runtime: Runtime, queue: Queue, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const closed = new Set(
      runtime.status().flatMap(({ name, block, pause }) => ((block ?? pause) === undefined ? [] : [name])),
    )
    const open = (await lanesOf(runtime, queue)).filter(
      ({ connection, ready, waiting, leased }) =>
        leased > 0 || (!closed.has(connection) && ready + waiting > 0),
    )
    if (open.length === 0) return
    await after(pollMs, signal)
  }
}

/** Counts what subscriptions did not want, which never gets into the store. */
function createSkips() {
  const counts = new Map<string, Map<string, number>>()
  return {
    add(connection: string, subscription: string, reason: string): void {
      const key = JSON.stringify([connection, subscription])
      const reasons = counts.get(key) ?? new Map<string, number>()
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      counts.set(key, reasons)
    },
    addTo({ connections }: Totals): void {
      for (const [key, reasons] of counts) {
        const [connection, subscription] = JSON.parse(key) as [string, string]
        const row = connections[connection]?.[subscription] as SubscriptionTotals | undefined
        if (row === undefined) continue
        for (const [reason, count] of reasons as ReadonlyMap<
          keyof SubscriptionTotals['skipReasons'],
          number
        >) {
          row.skipped += count
          row.skipReasons[reason] = (row.skipReasons[reason] ?? 0) + count
        }
      }
    },
  }
}
