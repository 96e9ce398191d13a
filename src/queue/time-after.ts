const longestMs = 1e13

/** That many milliseconds after `now`, as a whole number; at once for what is no delay. */
export const timeAfter = (now: number, ms = 0): number =>
  now + Math.min(longestMs, Math.max(0, Math.round(Number.isNaN(ms) ? 0 : ms)))
