/** What was found in a mapping when it was compiled. */
export type Watch = {
  /** Whether the mapping still holds what it held. */
  isUnchanged(): boolean
  /** Whether its JSON text says all there is to it. */
  readonly isPlainJson: boolean
}

type Container = Record<string, unknown>

/**
 * Remembers all properties of a mapping, at any depth. A stored mapping belongs to the caller, who may change it in
 * place; comparing properties is far cheaper than compiling anew.
 */
export function watchMapping(mapping: object): Watch {
  const containers: Container[] = []
  /** Of all containers, one after the other; a container ends with `end`. */
  const keys: (string | typeof end)[] = []
  const values: unknown[] = []
  let isPlainJson = true
  const open: Container[] = [mapping as Container]
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    containers.push(container)
    isPlainJson &&= isPlainContainer(container)
    for (const key in container) {
      const value = container[key]
      keys.push(key)
      values.push(value)
      if (typeof value === 'object' && value !== null) open.push(value as Container)
      else isPlainJson &&= isJsonScalar(value)
    }
    keys.push(end)
    values.push(undefined)
  }
  return { isUnchanged: () => holdsTheSame(containers, keys, values), isPlainJson }
}

const end: unique symbol = Symbol('end')

/** One pass without allocation, since it runs for every event. */
function holdsTheSame(
  containers: readonly Container[],
  keys: readonly (string | typeof end)[],
  values: readonly unknown[],
): boolean {
  let position = 0
  for (let index = 0; index < containers.length; index++) {
    const container = containers[index] as Container
    for (const key in container) {
      if (keys[position] !== key || container[key] !== values[position]) return false
      position += 1
    }
    if (keys[position] !== end) return false
    position += 1
  }
  return true
}

function isPlainContainer(value: object): boolean {
  if (Array.isArray(value)) return Object.keys(value).length === value.length
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value)
}

const isJsonScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0))
