import {
  type Connection,
  createRuntime,
  type Outcome,
  type Runtime,
  type RuntimeOptions,
  type SegmentEvent,
} from 'waybill'
import type { Accept, Source } from 'waybill/ingest'
import type { Queue } from 'waybill/queue'

/** What is delivered to. */
export type EngineConnections = {
  readonly connections: readonly Connection[]
  readonly compatibility: boolean
}

export type EngineOptions = Pick<RuntimeOptions, 'limits' | 'retry' | 'on'> & {
  readonly queue: Queue
  /** Milliseconds that what is in flight gets to end, at a stop and when connections change. */
  readonly graceMs: number
  /** Delivering stopped for a fault of the store; it is tried again. */
  readonly onFault: (error: Error) => void
  /** Called with each final outcome. */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent) => void
}

/** Stores what comes in, and delivers what is stored. */
export type Engine = {
  readonly accept: Accept
  /** Goes on with other connections; nothing is lost, and what is in flight ends as it began. */
  replace(connections: EngineConnections): Promise<void>
  /** Stops delivering: what is in flight ends within the grace, the rest stays in the store. */
  close(): Promise<void>
}

/** How long after a fault of the store delivering begins again. */
const restartMs = 1_000

type Running = { readonly runtime: Runtime; stop(): Promise<void> }

/** A message id is known by its source: two sources may use the same one. */
const nameOf = (source: Source, messageId: unknown): string => JSON.stringify([source.name, messageId])

/**
 * Joins a runtime and a queue.
 * @throws ConfigurationError where a connection cannot be opened.
 */
export function createEngine(first: EngineConnections, options: EngineOptions): Engine {
  const { queue, graceMs, onFault, limits, retry, on } = options
  let running = start(first)

  function start({ connections, compatibility }: EngineConnections): Running {
    const runtime = createRuntime({
      connections,
      compatibility,
      ...(limits !== undefined && { limits }),
      ...(retry !== undefined && { retry }),
      ...(on !== undefined && { on }),
    })
    const controller = new AbortController()
    const { signal } = controller
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          await runtime.work(queue, { signal, graceMs })
        } catch (error) {
          if (signal.aborted) return
          onFault(error as Error)
          await new Promise((resolve) => setTimeout(resolve, restartMs))
        }
      }
    }
    const working = work()
    return {
      runtime,
      async stop() {
        controller.abort()
        await working
        await runtime.close({ withinMs: graceMs })
      },
    }
  }

  return {
    async accept(events, source) {
      const { duplicates } = await running.runtime.put(queue, events, {
        ...(source.connections !== undefined && { connections: source.connections }),
        eventName: ({ event }) => nameOf(source, event.messageId),
      })
      if (duplicates.length === 0) return undefined
      // The first delivery of an event and connection has the message id for its key.
      const known = new Set(duplicates)
      return { duplicates: events.filter(({ messageId }) => known.has(messageId as string)).length }
    },
    async replace(connections) {
      const former = running
      running = start(connections)
      await former.stop()
    },
    close: () => running.stop(),
  }
}
