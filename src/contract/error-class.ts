/**
 * Definitions ask `error instanceof HTTPError` of their own copy of `@segment/actions-core`, whose classes are not ours.
 * What our request clients throw carries the name of the class that it stands for, and every copy that a process has
 * loaded is taught to look for it. A copy is found where Node keeps loaded modules; none is ever loaded for it.
 */
const standsForKey: unique symbol = Symbol.for('waybill.standsFor') as never

/** Classes of the reference's request client that errors of ours may stand for. */
export type ClientErrorName = 'HTTPError' | 'TimeoutError' | 'RequestClientError' | 'RequestTimeoutError'

/** Marks an error of ours; the mark is not seen when the error is printed. */
export function standFor<Thrown extends Error>(error: Thrown, name: ClientErrorName): Thrown {
  return Object.defineProperty(error, standsForKey, { value: name })
}

type AnyClass = abstract new (...parameters: never[]) => unknown

/** Whether an error of ours stands for a class of this name. */
const stands = (error: unknown, name: string): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (error as { readonly [standsForKey]?: unknown })[standsForKey] === name

/** Lets `instanceof` of a class hold for the errors of any client of ours that stand for it; of subclasses it says no. */
export function recognizeOurs(errorClass: AnyClass, name: ClientErrorName): void {
  if (Object.hasOwn(errorClass, Symbol.hasInstance)) return
  const ordinary = Function.prototype[Symbol.hasInstance]
  const hasInstance = function (this: unknown, error: unknown): boolean {
    return ordinary.call(this, error) || (this === errorClass && stands(error, name))
  }
  // A class that cannot be changed is left as it is: errors are then known by name and status alone.
  if (Object.isExtensible(errorClass))
    Object.defineProperty(errorClass, Symbol.hasInstance, { value: hasInstance })
}

const names: readonly ClientErrorName[] = [
  'HTTPError',
  'TimeoutError',
  'RequestClientError',
  'RequestTimeoutError',
]
const clientModule = /[\\/]@segment[\\/]actions-core[\\/].*[\\/]request-client\.[cm]?js$/

const known = new WeakSet<object>()

/**
 * Teaches the copies of `@segment/actions-core` that are loaded by now. To be called when a definition is opened, which
 * has loaded its copy; a definition that has been seen costs nothing.
 */
export function teachLoadedCopies(definition: object): void {
  if (known.has(definition)) return
  known.add(definition)
  const loaded = typeof require === 'function' ? require.cache : undefined
  for (const path of Object.keys(loaded ?? {}))
    if (clientModule.test(path)) teachCopy(loaded?.[path]?.exports)
}

function teachCopy(exported: unknown): void {
  if (typeof exported !== 'object' || exported === null) return
  for (const name of names) {
    const errorClass = (exported as Record<string, unknown>)[name]
    if (typeof errorClass === 'function') recognizeOurs(errorClass as unknown as AnyClass, name)
  }
}
