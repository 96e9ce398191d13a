import type { State } from '../store'

/** State that ends with the process. */
export function createMemoryState(): State {
  const values = new Map<string, string>()
  return {
    get: async (key) => values.get(key),
    async set(key, value) {
      values.set(key, value)
    },
    async replace(key, before, value) {
      const isSame = values.get(key) === before
      if (isSame) values.set(key, value)
      return isSame
    },
    async delete(key) {
      values.delete(key)
    },
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  }
}
