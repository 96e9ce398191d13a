/** What was found in a mapping when it was compiled. */
export type Watch = {
  /** Whether the mapping still holds what it held. */
  isUnchanged(): boolean
  /** Whether its JSON text says all there is to it. */
  readonly isPlainJson: boolean
}

type Container = Record<string, unknown>

/**
 * Remembers all members of a mapping, at any depth. A stored mapping belongs to the caller, who may change it in
 * place; comparing members is far cheaper than compiling anew.
 */
export function watchMapping(mapping: object): Watch {
  const containers: { container: Container; keys: string[]; values: unknown[] }[] = []
  let isPlainJson = true
  const visit = (container: Container): void => {
    const keys = Object.keys(container)
    const values = keys.map((key) => container[key])
    containers.push({ container, keys, values })
    isPlainJson &&= isPlainContainer(container)
    for (const value of values)
      if (typeof value === 'object' && value !== null) visit(value as Container)
      else isPlainJson &&= isJsonScalar(value)
  }
  visit(mapping as Container)
  return { isUnchanged: () => containers.every(isSame), isPlainJson }
}

function isSame({ container, keys, values }: { container: Container; keys: string[]; values: unknown[] }) {
  for (let index = 0; index < keys.length; index++)
    if (container[keys[index] as string] !== values[index]) return false
  return countMembers(container) === keys.length
}

function countMembers(container: Container): number {
  if (Array.isArray(container)) return container.length
  let count = 0
  for (const _key in container) count++
  return count
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
