import { createWaitingLine, type WaitingLine } from '../waiting-line'

type Task = () => void

/** Those who wait for the signals that were made here. */
const lines = new WeakMap<AbortSignal, WaitingLine<Task>>()

/** A controller whose signal many may listen to at a time; Node warns of more than ten otherwise. */
export function signalForMany(): AbortController {
  const controller = new AbortController()
  const { signal } = controller
  // Asked for at run time: in a browser there is nothing to ask, and no bundle may contain it.
  const events = globalThis.process?.getBuiltinModule?.('node:events') as
    | typeof import('node:events')
    | undefined
  events?.setMaxListeners(0, signal)
  const line = createWaitingLine<Task>()
  lines.set(signal, line)
  signal.addEventListener('abort', () => {
    for (let task = line.shift(); task !== undefined; task = line.shift()) task()
  })
  return controller
}

/**
 * Calls `task` when a signal fires that has not yet. The result withdraws it. A signal for many costs much less this way:
 * listeners of a signal that come and go by the thousand keep each other in memory until the next full collection.
 */
export function whenFired(signal: AbortSignal, task: Task): () => void {
  const line = lines.get(signal)
  if (line !== undefined) return line.enter(task)
  signal.addEventListener('abort', task, { once: true })
  return () => signal.removeEventListener('abort', task)
}
