import type { Queue } from '../../queue/queue'
import type { Dispatcher } from '../dispatch/dispatcher'
import type { RunningClock } from '../system-clock'

/** The last moment that every store can keep. */
const endOfTime = Date.UTC(9999, 11, 31)

type Scope = { readonly connection: string; readonly subscription?: string }
type Hold = { readonly scope: Scope; readonly until: number; readonly because: string }

/** Tells the store what is not to be given out, to this worker or any other. */
export type Holds = {
  /** Something was paused, blocked or let go. */
  update(): void
}

/** Creates the holds of one worker; they outlive it, as the wish of a destination does. */
export function createHolds(
  queue: Queue,
  dispatcher: Dispatcher,
  clock: RunningClock,
  report: (error: unknown) => void,
): Holds {
  const told = new Map<string, Hold>()
  let telling = Promise.resolve()

  const tell = ({ scope, until, because }: Hold, isOver: boolean): void => {
    telling = telling.then(() => queue.hold(scope, isOver ? 'released' : until, because)).catch(report)
  }

  return {
    update() {
      const wanted = holdsOf(dispatcher, clock)
      for (const [key, hold] of told)
        if (!wanted.has(key)) {
          told.delete(key)
          if (hold.until > clock.now()) tell(hold, true)
        }
      for (const [key, hold] of wanted) {
        // A second more or less is not worth a write.
        if (Math.abs((told.get(key)?.until ?? 0) - hold.until) < 1_000) continue
        told.set(key, hold)
        tell(hold, false)
      }
    },
  }
}

function holdsOf(dispatcher: Dispatcher, clock: RunningClock): Map<string, Hold> {
  const holds = new Map<string, Hold>()
  const now = clock.monotonic()
  const toEpoch = clock.now() - now
  const add = (scope: Scope, until: number, because: string): void => {
    if (until > now)
      holds.set(JSON.stringify(scope), {
        scope,
        because,
        until: Math.min(Math.round(until + toEpoch), endOfTime),
      })
  }
  for (const { connection, state } of dispatcher.connections) {
    const { name: own, subscriptions } = connection
    add({ connection: own }, state.closedUntil(undefined), state.because)
    for (const { name, action } of subscriptions)
      if (state.closedUntil(action) > state.closedUntil(undefined))
        add({ connection: own, subscription: name }, state.closedUntil(action), state.because)
  }
  return holds
}
