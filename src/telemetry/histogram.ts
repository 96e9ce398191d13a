/** Values counted by upper bounds, as Prometheus and OpenTelemetry do. */
export type Histogram = {
  /** Upper bounds, ascending; one more bucket is above all of them. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  readonly sum: number
  readonly count: number
  add(value: number): void
}

/** Seconds, as the conventions of OpenTelemetry recommend them for HTTP requests. */
export const durationBounds = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const
/** Seconds from received to ended: from a hit at once to the whole retry window. */
export const ageBounds = [
  0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400,
] as const
/** Events in a batch. */
export const batchBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000] as const

/** Creates an empty histogram. */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0
  let count = 0
  return {
    bounds,
    counts,
    get sum() {
      return sum
    },
    get count() {
      return count
    },
    add(value) {
      let place = 0
      while (place < bounds.length && value > (bounds[place] as number)) place += 1
      counts[place] = (counts[place] as number) + 1
      sum += value
      count += 1
    },
  }
}

/** The value under which a share (0 to 1) of all values lie, interpolated within its bucket; undefined where there are none. */
export function quantileOf({ bounds, counts, count }: Histogram, share: number): number | undefined {
  if (count === 0) return undefined
  const wanted = share * count
  let below = 0
  for (const [place, within] of counts.entries()) {
    if (below + within >= wanted && within > 0) {
      const low = place === 0 ? 0 : (bounds[place - 1] as number)
      const high = bounds[place] ?? low
      return low + (high - low) * ((wanted - below) / within)
    }
    below += within
  }
  return bounds.at(-1)
}
