import type { RuntimeListeners } from './options'

/** Told of each listener that throws, the first time. */
export type ListenerFault = (listener: string, error: unknown) => void

/**
 * A listener that changes nothing when it throws, or rejects: it is reported once. Undefined where there is none, so that
 * what only it would hear is not made.
 */
export function guarded<Arguments extends unknown[]>(
  name: string,
  listener: ((...given: Arguments) => unknown) | undefined,
  report: ListenerFault,
): ((...given: Arguments) => void) | undefined {
  if (listener === undefined) return undefined
  let isReported = false
  const fail = (error: unknown): void => {
    if (isReported) return
    isReported = true
    report(name, error)
  }
  return (...given) => {
    try {
      const result = listener(...given)
      if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function')
        (result as PromiseLike<unknown>).then(undefined, fail)
    } catch (error) {
      fail(error)
    }
  }
}

/** Says on standard error which listener threw. */
export const reportToConsole: ListenerFault = (listener, error) =>
  console.error(`waybill: the listener ${listener} threw; deliveries go on, and this is said once.`, error)

/** A store that fails goes on failing: it is said once for each message. */
function storeErrorToConsole(error: unknown): void {
  const message = String((error as Error | undefined)?.message ?? error)
  if (message === lastStoreError) return
  lastStoreError = message
  console.error(`waybill: the queue failed, and is tried again: ${message}`)
}
let lastStoreError = ''

/** All listeners of a runtime, so that none can harm a delivery. */
export function guardListeners(on: RuntimeListeners = {}) {
  const report = on.listenerError === undefined ? reportToConsole : quietly(on.listenerError)
  return {
    attempt: guarded('on.attempt', on.attempt?.bind(on), report),
    outcome: guarded('on.outcome', on.outcome?.bind(on), report),
    retry: guarded('on.retry', on.retry?.bind(on), report),
    connectionBlocked: guarded('on.connectionBlocked', on.connectionBlocked?.bind(on), report),
    filterError: guarded('on.filterError', on.filterError?.bind(on), report),
    storeError: guarded('on.storeError', on.storeError?.bind(on) ?? storeErrorToConsole, report) as (
      error: unknown,
    ) => void,
    warning: guarded('on.warning', on.warning?.bind(on), report) ?? warnOnConsole,
    report,
  }
}

const warnOnConsole = (connection: string, message: string): void =>
  console.warn(`waybill: ${connection}: ${message}`)

const quietly =
  (report: ListenerFault): ListenerFault =>
  (listener, error) => {
    try {
      report(listener, error)
    } catch {
      reportToConsole('on.listenerError', error)
    }
  }
