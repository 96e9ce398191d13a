/**
 * Lanes take turns: the one that was served longest ago comes first, and each gets its share, so that a lane with a million
 * deliveries takes no time from one with a single delivery.
 */
export type LaneTurns<L> = {
  add(lane: L): void
  all(): Iterable<L>
  /**
   * Takes up to `max` by asking `take` for each of the lanes, at most `perLane` each; without it, what some do not need is
   * shared by the others.
   */
  share<T>(
    lanes: readonly L[],
    limits: { readonly max: number; readonly perLane?: number },
    take: (lane: L, count: number) => readonly T[],
  ): T[]
}

export function createLaneTurns<L>(): LaneTurns<L> {
  // A set keeps the order of insertion: whoever was served goes to the end.
  const turns = new Set<L>()
  return {
    add: (lane) => void turns.add(lane),
    all: () => turns,
    share(lanes, { max, perLane }, take) {
      const taken: ReturnType<typeof take>[number][] = []
      let hungry = lanes
      while (hungry.length > 0 && taken.length < max) {
        const share = perLane ?? Math.ceil((max - taken.length) / hungry.length)
        const full: L[] = []
        for (const lane of hungry) {
          const count = Math.min(share, max - taken.length)
          if (count <= 0) break
          const got = take(lane, count)
          for (const one of got) taken.push(one)
          turns.delete(lane)
          turns.add(lane)
          if (got.length === count) full.push(lane)
        }
        hungry = perLane === undefined ? full : []
      }
      return taken
    },
  }
}
