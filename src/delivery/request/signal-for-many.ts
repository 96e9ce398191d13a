/** A controller whose signal many may listen to at a time; Node warns of more than ten otherwise. */
export function signalForMany(): AbortController {
  const controller = new AbortController()
  // Asked for at run time: in a browser there is nothing to ask, and no bundle may contain it.
  const events = globalThis.process?.getBuiltinModule?.('node:events') as
    | typeof import('node:events')
    | undefined
  events?.setMaxListeners(0, controller.signal)
  return controller
}
