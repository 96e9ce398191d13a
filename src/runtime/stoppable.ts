import type { WaitingLine } from '../delivery/waiting-line'

/** Something that is under way and can be told to stop. */
export type Stoppable = {
  interrupt(): void /** Ends by being told to alone. */
  readonly isEndless?: boolean
}

/** A signal that fires when the caller's does, or when the runtime stops its calls. */
export function stoppable(wish: AbortSignal | undefined, calls: WaitingLine<Stoppable>, isEndless = false) {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  const call = { interrupt: stop, isEndless }
  const leaveCalls = calls.enter(call)
  if (wish?.aborted) stop()
  else wish?.addEventListener('abort', stop)
  return {
    signal: controller.signal,
    release() {
      leaveCalls()
      wish?.removeEventListener('abort', stop)
    },
  }
}
