import type { Lane } from './queue'

type Hold = { readonly until: number; readonly because?: string }
/** A lane, or all lanes of a connection. */
export type HoldScope = { readonly connection: string; readonly subscription?: string }

/** Which lanes rest, and until when (by the clock of the store). */
export type Holds = {
  set(scope: HoldScope, until: number, because?: string): void
  /** Releasing a connection releases its lanes. */
  release(scope: HoldScope): void
  /** The hold that ends last. */
  of(lane: Lane, now: number): Hold | undefined
  clear(): void
}

export function createHolds(): Holds {
  const connections = new Map<string, { whole?: Hold; lanes: Map<string, Hold> }>()
  return {
    set({ connection, subscription }, until, because) {
      const held = connections.get(connection) ?? { lanes: new Map<string, Hold>() }
      connections.set(connection, held)
      const hold = { until, ...(because !== undefined && { because }) }
      if (subscription === undefined) held.whole = hold
      else held.lanes.set(subscription, hold)
    },
    release({ connection, subscription }) {
      if (subscription === undefined) connections.delete(connection)
      else connections.get(connection)?.lanes.delete(subscription)
    },
    of({ connection, subscription }, now) {
      const held = connections.get(connection)
      if (held === undefined) return undefined
      const { whole, lanes } = held
      const own = lanes.get(subscription)
      const later = own !== undefined && (whole === undefined || own.until > whole.until) ? own : whole
      return later !== undefined && later.until > now ? later : undefined
    },
    clear: () => connections.clear(),
  }
}
