import type { Lane } from './queue'

/** Values by connection and subscription; two names are never joined into one that another pair could have. */
export type LaneMap<T> = {
  get(lane: Lane): T | undefined
  set(lane: Lane, value: T): void
  values(): Iterable<T>
}

export function createLaneMap<T>(): LaneMap<T> {
  const connections = new Map<string, Map<string, T>>()
  const order: T[] = []
  return {
    get: ({ connection, subscription }) => connections.get(connection)?.get(subscription),
    set({ connection, subscription }, value) {
      const lanes = connections.get(connection) ?? new Map<string, T>()
      connections.set(connection, lanes.set(subscription, value))
      order.push(value)
    },
    values: () => order,
  }
}
