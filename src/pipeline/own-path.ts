/** Reads a value below a root; never throws. */
export type Reader = (root: unknown) => unknown

const prototypes = [Object.prototype, Array.prototype] as const

/**
 * Whether a plain read of this key could find an inherited property. Events are parsed JSON, so only objects and lists
 * are walked, and for all other keys a plain read finds own properties alone.
 */
export const isRiskyKey = (key: string): boolean =>
  prototypes.some((prototype) => key in prototype) && key !== 'length'

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** One own property of an object or list; undefined for anything else. */
export function ownProperty(value: unknown, key: string): unknown {
  return isContainer(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

const propertyReader = (key: string): Reader =>
  isRiskyKey(key)
    ? (value) => ownProperty(value, key)
    : (value) => (isContainer(value) ? value[key] : undefined)

/** Reads a path of own properties; a missing step gives undefined. */
export function ownPathReader(keys: readonly string[]): Reader {
  const [first, second, ...rest] = keys
  if (first === undefined) return (root) => root
  const readFirst = propertyReader(first)
  if (second === undefined) return readFirst
  const readSecond = propertyReader(second)
  if (rest.length === 0) return (root) => readSecond(readFirst(root))
  const readRest = ownPathReader(rest)
  return (root) => readRest(readSecond(readFirst(root)))
}
