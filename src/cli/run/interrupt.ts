import type { SegmentEvent } from 'waybill'
import type { Terminal } from '../terminal'

/** Passes batches on until the signal fires; then it does not wait for the source, which may be silent for long. */
export async function* untilAborted(
  signal: AbortSignal,
  batches: AsyncGenerator<SegmentEvent[]>,
  onError: (error: Error) => void,
): AsyncGenerator<SegmentEvent[]> {
  let wake: ((result: IteratorResult<SegmentEvent[]>) => void) | undefined
  const stop = () => wake?.({ done: true, value: undefined })
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const result = await new Promise<IteratorResult<SegmentEvent[]>>((resolve, reject) => {
        wake = resolve
        batches.next().then(resolve, reject)
      })
      if (result.done) return
      yield result.value
    }
  } catch (error) {
    onError(error as Error)
  } finally {
    signal.removeEventListener('abort', stop)
    batches.return(undefined).catch(() => undefined)
  }
}

/** Stops the run at the first interrupt. The second one finds no listener of ours, and ends the process. */
export function interruptible({ onInterrupt }: Terminal, say: (text: string) => void) {
  const controller = new AbortController()
  const release = onInterrupt(() => {
    release()
    say('Stopping: what is under way is finished or written down first. Once more stops at once.')
    controller.abort()
  })
  return { signal: controller.signal, stop: () => controller.abort(), release }
}
