import { type OutcomeKind, outcomeKinds } from '../outcome'

/** What is counted over time: what came in, what ended, and attempts that will be made again (as `retry`). */
export type SeriesColumn = OutcomeKind | 'received'

export const seriesRanges = ['15m', '1h', '24h', '7d'] as const
/** How far back a series looks. */
export type SeriesRange = (typeof seriesRanges)[number]

/** Counts in steps of equal length, oldest first; the last step is still running. */
export type Series = {
  /** Milliseconds since the epoch: when the first step began. */
  readonly start: number
  /** Milliseconds. */
  readonly stepMs: number
  readonly received: readonly number[]
  readonly kinds: Readonly<Record<OutcomeKind, readonly number[]>>
}

export const seriesColumns: readonly SeriesColumn[] = ['received', ...outcomeKinds]

const fine = { stepMs: 10_000, steps: 361 }
const coarse = { stepMs: 300_000, steps: 2_017 }
const views: Record<SeriesRange, { readonly of: typeof fine; readonly take: number; readonly join: number }> =
  {
    '15m': { of: fine, take: 90, join: 1 },
    '1h': { of: fine, take: 360, join: 6 },
    '24h': { of: coarse, take: 288, join: 2 },
    '7d': { of: coarse, take: 2_016, join: 12 },
  }

type Ring = { readonly stepMs: number; readonly counts: Uint32Array; latest: number }

/** Counts of one connection, or of all: an hour in steps of ten seconds, seven days in steps of five minutes. */
export type SeriesCounter = {
  count(column: SeriesColumn, amount: number, now: number): void
  read(range: SeriesRange, now: number): Series
  /** Sum of a column over the last `ms` milliseconds. */
  sum(column: SeriesColumn, ms: number, now: number): number
}

/** Creates a counter; memory is taken once, about 80 KB. */
export function createSeries(): SeriesCounter {
  const width = seriesColumns.length
  const ringOf = ({ stepMs, steps }: typeof fine): Ring => ({
    stepMs,
    counts: new Uint32Array(steps * width),
    latest: 0,
  })
  const rings = new Map([
    [fine, ringOf(fine)],
    [coarse, ringOf(coarse)],
  ])

  /** Clears the steps that nothing was counted in since; a clock that goes back counts into the latest step. */
  function stepAt(ring: Ring, now: number): number {
    const step = Math.floor(now / ring.stepMs)
    const steps = ring.counts.length / width
    if (ring.latest === 0) ring.latest = step
    if (step <= ring.latest) return ring.latest
    const first = Math.max(ring.latest + 1, step - steps + 1)
    for (let each = first; each <= step; each++)
      ring.counts.fill(0, (each % steps) * width, (each % steps) * width + width)
    ring.latest = step
    return step
  }

  const valueAt = (ring: Ring, step: number, column: number): number => {
    const steps = ring.counts.length / width
    return step < 0 || step <= ring.latest - steps
      ? 0
      : (ring.counts[(step % steps) * width + column] as number)
  }

  return {
    count(column, amount, now) {
      const place = seriesColumns.indexOf(column)
      for (const ring of rings.values()) {
        const steps = ring.counts.length / width
        const at = (stepAt(ring, now) % steps) * width + place
        ring.counts[at] = (ring.counts[at] as number) + amount
      }
    },
    read(range, now) {
      const { of, take, join } = views[range]
      const ring = rings.get(of) as Ring
      const last = stepAt(ring, now)
      const buckets = take / join
      const stepMs = of.stepMs * join
      // Joined steps begin at multiples of the joined length, so that a reload shows the same bars.
      const lastJoined = Math.floor(last / join)
      const column = (place: number): number[] =>
        Array.from({ length: buckets }, (_, index) => {
          const from = (lastJoined - buckets + 1 + index) * join
          let sum = 0
          for (let step = from; step < from + join && step <= last; step++) sum += valueAt(ring, step, place)
          return sum
        })
      return {
        start: (lastJoined - buckets + 1) * stepMs,
        stepMs,
        received: column(0),
        kinds: Object.fromEntries(outcomeKinds.map((kind, index) => [kind, column(index + 1)])) as Record<
          OutcomeKind,
          number[]
        >,
      }
    },
    sum(column, ms, now) {
      const ring = rings.get(ms > 3_600_000 ? coarse : fine) as Ring
      const last = stepAt(ring, now)
      const place = seriesColumns.indexOf(column)
      let sum = 0
      for (let step = last - Math.ceil(ms / ring.stepMs) + 1; step <= last; step++)
        sum += valueAt(ring, step, place)
      return sum
    },
  }
}
