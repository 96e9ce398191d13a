/** A controller whose signal many may listen to at a time; Node warns of more than ten otherwise. */
export function signalForMany(): AbortController {
  const controller = new AbortController()
  const { setMaxListeners } = require('node:events') as typeof import('node:events')
  setMaxListeners(0, controller.signal)
  return controller
}
