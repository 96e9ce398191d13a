import { mayBeText } from './event-spec'
import { missing } from './filter/candidates'
import type { Keys } from './filter/condition-tree'

type Container = Record<string, unknown>

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

/** `0` as a key of a list, anything else as a member of an object. */
const emptyFor = (key: string): Container => (/^\d+$/.test(key) ? ([] as unknown as Container) : {})

/** `__proto__` is a member like any other here. */
function define(holder: Container, key: string, value: unknown): void {
  if (key !== '__proto__') holder[key] = value
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

const own = (holder: Container, key: string): unknown =>
  Object.hasOwn(holder, key) ? holder[key] : undefined

/**
 * An event whose paths have these values; what is `missing` is left out, but objects of the spec on the way are there.
 * Undefined when the values contradict each other: a member cannot be a text and have members.
 */
export function buildEvent(values: ReadonlyMap<Keys, unknown>): Record<string, unknown> | undefined {
  const event: Container = {}
  const shortFirst = [...values].sort(([one], [other]) => one.length - other.length)
  for (const [keys, value] of shortFirst) if (!place(event, keys, value)) return undefined
  return event
}

function place(event: Container, keys: Keys, value: unknown): boolean {
  let holder = event
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const inner = own(holder, key)
    if (inner === undefined) {
      if (value === missing && mayBeText(keys.slice(0, index + 1))) return true
      const created = emptyFor(keys[index + 1] as string)
      define(holder, key, created)
      holder = created
    } else if (isContainer(inner)) holder = inner
    else return value === missing
  }
  const last = keys.at(-1) as string
  if (value === missing) return true
  if (own(holder, last) !== undefined) return false
  define(holder, last, isContainer(value) ? structuredClone(value) : value)
  return true
}
