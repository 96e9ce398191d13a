const firstSeconds = 5
const mostSeconds = 60

/** Whole seconds for `Retry-After`, spread by a fifth so that clients do not come back together. */
export const spreadSeconds = (seconds: number, random: () => number): number =>
  Math.min(300, Math.max(1, Math.ceil(seconds * (0.8 + 0.4 * random()))))

/** How long clients wait while the store is full: the longer it has been, the longer, up to a minute. */
export function createBackPressure(now: () => number, random: () => number) {
  let since: number | undefined
  return {
    /** The store was full: seconds for `Retry-After`. */
    full(): number {
      since ??= now()
      const half = Math.max(0, now() - since) / 2_000
      return spreadSeconds(Math.min(mostSeconds, Math.max(firstSeconds, half)), random)
    },
    /** The store took something. */
    taken(): void {
      since = undefined
    },
  }
}
