/** Gives the value of a mapping for a root: the event, or the item of a list. Throws `MappingError` alone. */
export type Resolve = (root: unknown) => unknown

/** What compiling a part of a mapping needs: how to compile its own parts, where to report mistakes, how to read. */
export type MappingContext = {
  readonly compatibility: boolean
  compile(value: unknown, path: string): Resolve
  report(path: string, message: string): void
}

/** Compiles the value of one directive. */
export type CompileDirective = (options: unknown, path: string, context: MappingContext) => Resolve

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const constant =
  (value: unknown): Resolve =>
  () =>
    value

/** Sets an own member; `__proto__` becomes a plain key. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}
