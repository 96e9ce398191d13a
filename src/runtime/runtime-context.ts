import type { ActionDeadlines } from './dispatch/action-deadline'
import type { CallContext } from './dispatch/memory-call'
import type { RunningClock } from './system-clock'

/** What everything that a runtime does has in common. */
export type RuntimeContext = CallContext & {
  readonly clock: RunningClock
  readonly deadlines: ActionDeadlines
  /** Told of each failure of a queue. */
  readonly storeError: (error: unknown) => void
}
