import { createWaitingLine } from '../../delivery/waiting-line'
import type { RunningClock } from '../system-clock'
import type { ConnectionState } from './connection-state'
import type { OpenDelivery } from './open-delivery'

/** Deliveries in memory that wait for their next attempt. */
export type Retries = {
  wait(delivery: OpenDelivery, afterMs: number): void
  take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[]
}

/** `again` is called for each when its time has come. */
export function createRetries(
  clock: RunningClock,
  state: ConnectionState,
  again: (delivery: OpenDelivery) => void,
): Retries {
  const waiting = createWaitingLine<OpenDelivery>()
  return {
    wait(delivery, afterMs) {
      const leave = waiting.enter(delivery)
      state.retrying += 1
      delivery.dueAt = clock.monotonic() + afterMs
      const cancel = clock.after(afterMs, () => {
        if (!leave()) return
        state.retrying -= 1
        delivery.stopWaiting = undefined
        again(delivery)
      })
      delivery.stopWaiting = () => {
        delivery.stopWaiting = undefined
        cancel()
      }
    },
    take(test) {
      const taken = waiting.take(test)
      state.retrying -= taken.length
      for (const delivery of taken) delivery.stopWaiting?.()
      return taken
    },
  }
}
