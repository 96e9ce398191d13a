import type { Source } from './source'

/** Refuses what goes over a source's rate: a bucket of one second's requests for each source that has one. */
export function createRequestRate(now: () => number): {
  /** Milliseconds until the source may send again; 0 when it may now, which takes one request of its rate. */
  waitMs(source: Source): number
} {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    waitMs({ name, requestsPerSecond: rate }) {
      if (rate === undefined) return 0
      const time = now()
      const bucket = buckets.get(name) ?? { tokens: Math.max(1, rate), at: time }
      buckets.set(name, bucket)
      bucket.tokens = Math.min(
        Math.max(1, rate),
        bucket.tokens + (Math.max(0, time - bucket.at) * rate) / 1_000,
      )
      bucket.at = time
      if (bucket.tokens < 1) return ((1 - bucket.tokens) * 1_000) / rate
      bucket.tokens -= 1
      return 0
    },
  }
}
