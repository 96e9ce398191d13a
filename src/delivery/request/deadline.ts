import { aborted, type NetworkError, timedOut } from './network-error'
import { whenFired } from './signal-for-many'
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

type Stop = (error: NetworkError) => void

/**
 * Watches over an exchange: `stop` is called once, when the deadline passes or the caller's signal fires, whichever
 * is first. The result ends the watch. A signal that fired already calls `stop` at once.
 */
export function watchDeadline(request: WireRequest, progress: Progress, stop: Stop): () => void {
  const endDeadline = startDeadline(request, progress, stop)
  const endWatch = watchSignal(request, progress, stop)
  return () => {
    endDeadline()
    endWatch()
  }
}

/** Calls `stop` when the time of an exchange is up. The result ends the watch. */
export function startDeadline({ timeoutMs }: WireRequest, progress: Progress, stop: Stop): () => void {
  if (timeoutMs === Number.POSITIVE_INFINITY) return nothing
  const timer = setTimeout(
    () => stop(timedOut(timeoutMs, progress.isSent, progress.status || undefined)),
    Math.min(timeoutMs, maxTimerMs),
  )
  return () => clearTimeout(timer)
}

/** Calls `stop` when the caller's signal fires, at once where it has. The result ends the watch. */
export function watchSignal({ signal }: WireRequest, progress: Progress, stop: Stop): () => void {
  if (signal === undefined) return nothing
  const onAbort = (): void => stop(aborted(signal, progress.isSent))
  if (signal.aborted) {
    onAbort()
    return nothing
  }
  return whenFired(signal, onAbort)
}

const nothing = (): void => undefined
