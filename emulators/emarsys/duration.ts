const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds, or a number with a unit: `90s`, `30m`, `6h`, `7d`, `2w`. */
export type Duration = number | string

/**
 * A duration in milliseconds.
 * @throws RangeError unless it is a positive number, alone or with a unit.
 */
export function durationMs(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(String(duration))
  const ms =
    typeof duration === 'number' ? duration : Number(match?.[1]) * unitMs[match?.[2] as keyof typeof unitMs]
  if (!(ms > 0) || ms === Infinity)
    throw new RangeError(`"${duration}" is no duration; write milliseconds, or 90s, 30m, 6h, 7d, 2w`)
  return ms
}
