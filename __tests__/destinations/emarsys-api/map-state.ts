import type { ActionState } from 'waybill'

/** A state on a disk that outlives the processes which use it. */
export function createMapState() {
  const values = new Map<string, string>()
  const state: ActionState = {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    async replace(key, before, value) {
      if (values.get(key) !== before) return false
      values.set(key, value)
      return true
    },
    delete: async (key) => void values.delete(key),
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  }
  return {
    ...state,
    /** The state as a process sees it that is killed before its call number `calls`: nothing works from then on. */
    mortal(calls: number): ActionState {
      let made = 0
      const alive =
        <Parameters extends unknown[], Result>(call: (...parameters: Parameters) => Promise<Result>) =>
        async (...parameters: Parameters): Promise<Result> => {
          made += 1
          if (made >= calls) throw new Error('killed')
          return call(...parameters)
        }
      return {
        get: alive(state.get),
        set: alive(state.set),
        replace: alive(state.replace),
        delete: alive(state.delete),
        keys: alive(state.keys),
      }
    },
    /** Time passes, and the locks of the dead are over. */
    breakLocks(): void {
      for (const key of values.keys()) if (key.endsWith('lock')) values.delete(key)
    },
  }
}
