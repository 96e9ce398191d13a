import {
  type Connection,
  createRuntime,
  type Outcome,
  type Runtime,
  type RuntimeOptions,
  type SegmentEvent,
} from 'waybill'
import type { Accept, Source } from 'waybill/ingest'
import type { Delivery, Queue } from 'waybill/queue'

/** What is delivered to. */
export type EngineConnections = {
  readonly connections: readonly Connection[]
  readonly compatibility: boolean
}

export type EngineOptions = Pick<RuntimeOptions, 'retry' | 'on' | 'context'> & {
  readonly queue: Queue
  /** Milliseconds that what is in flight gets to end, at a stop and when connections change. */
  readonly graceMs: number
  /** Delivering stopped for a fault of the store; it is tried again. */
  readonly onFault: (error: Error) => void
  /** Called with each final outcome. */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent) => void
  /** Connections have just been opened, at the start or anew. */
  readonly onStarted?: () => Promise<void>
}

/** Stores what comes in, and delivers what is stored. */
export type Engine = {
  readonly accept: Accept
  readonly runtime: () => Runtime
  readonly connections: () => readonly Connection[]
  /** Begins to deliver. */
  start(): void
  /** Goes on with other connections; nothing is lost, and what is in flight ends as it began. */
  replace(connections: EngineConnections): Promise<void>
  /** Stops delivering: what is in flight ends within the grace, the rest stays in the store. */
  close(): Promise<void>
}

/** How long after a fault of the store delivering begins again. */
const restartMs = 1_000

/** A queue that takes only what is for some connections. */
function narrowed(queue: Queue, names: ReadonlySet<string>): Queue {
  const put: Queue['put'] = async (deliveries, options) => {
    const wanted = deliveries.filter(({ connection }) => names.has(connection))
    return wanted.length === 0 ? { duplicates: [] } : queue.put(wanted, options)
  }
  return Object.assign(Object.create(queue) as Queue, { put })
}

/** A message id is known by its source: two sources may use the same one. */
const nameBy =
  ({ name }: Source) =>
  ({ event }: Delivery): string =>
    JSON.stringify([name, event.messageId])

/**
 * Joins a runtime and a queue.
 * @throws ConfigurationError where a connection cannot be opened.
 */
export function createEngine(first: EngineConnections, options: EngineOptions): Engine {
  const { queue, graceMs, onFault, onOutcome, onStarted, retry, on, context } = options
  let running = open(first)
  let isStarted = false

  function open({ connections, compatibility }: EngineConnections) {
    const runtime = createRuntime({
      connections,
      compatibility,
      ...(retry !== undefined && { retry }),
      ...(on !== undefined && { on }),
      ...(context !== undefined && { context }),
    })
    const controller = new AbortController()
    const { signal } = controller
    let working: Promise<void> = Promise.resolve()
    const work = async (): Promise<void> => {
      await onStarted?.().catch(onFault)
      while (!signal.aborted) {
        try {
          await runtime.work(queue, { signal, ...(onOutcome !== undefined && { onOutcome }) })
        } catch (error) {
          if (signal.aborted) return
          onFault(error as Error)
          await new Promise((resolve) => setTimeout(resolve, restartMs))
        }
      }
    }
    return {
      runtime,
      connections,
      start() {
        working = work()
      },
      async stop() {
        controller.abort()
        await runtime.close({ withinMs: graceMs })
        await working
      },
    }
  }

  return {
    async accept(events, source) {
      const { connections } = source
      const into = connections === undefined ? queue : narrowed(queue, new Set(connections))
      const { duplicates } = await running.runtime.put(into, events, { eventName: nameBy(source) })
      if (duplicates.length === 0) return undefined
      // The first delivery of an event and connection has the message id for its key.
      const known = new Set(duplicates)
      return { duplicates: events.filter(({ messageId }) => known.has(messageId as string)).length }
    },
    runtime: () => running.runtime,
    connections: () => running.connections,
    start() {
      isStarted = true
      running.start()
    },
    async replace(connections) {
      const former = running
      running = open(connections)
      await former.stop()
      if (isStarted) running.start()
    },
    close: () => running.stop(),
  }
}
