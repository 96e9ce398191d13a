import { aborted, type NetworkError, timedOut } from './network-error'
import type { WireRequest } from './transport'

/** How far an exchange has come. */
export type Progress = {
  /** Whether the request may have reached the destination. */
  isSent: boolean
  /** Status of the answer; 0 before it began. */
  status: number
}

/** Longer timers fire at once. */
const maxTimerMs = 2_147_483_647

/**
 * Watches over an exchange: `stop` is called once, when the deadline passes or the caller's signal fires, whichever
 * is first. The result ends the watch. A signal that fired already calls `stop` at once.
 */
export function watchDeadline(
  request: WireRequest,
  progress: Progress,
  stop: (error: NetworkError) => void,
): () => void {
  const { signal, timeoutMs } = request
  const timer =
    timeoutMs === Infinity
      ? undefined
      : setTimeout(
          () => stop(timedOut(timeoutMs, progress.isSent, progress.status || undefined)),
          Math.min(timeoutMs, maxTimerMs),
        )
  if (signal === undefined) return () => clearTimeout(timer)
  const onAbort = (): void => stop(aborted(signal, progress.isSent))
  const end = (): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return end
}
