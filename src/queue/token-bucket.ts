import type { Tokens } from './store'

/** Buckets of one process. */
export function createTokens(now: () => number): Tokens {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    async take(name, count, { perSecond, burst }) {
      const time = now()
      const before = buckets.get(name) ?? { tokens: burst, at: time }
      const tokens = Math.min(burst, before.tokens + ((time - before.at) / 1000) * perSecond)
      const granted = Math.max(0, Math.min(count, Math.floor(tokens)))
      buckets.set(name, { tokens: tokens - granted, at: time })
      return { granted, waitMs: granted > 0 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000) }
    },
  }
}
