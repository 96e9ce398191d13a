const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Reads a span of time: `4h`, `90s`, `1h30m`, `250ms`, `0`. Gives milliseconds, or undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g))
    total += Number(amount) * (units[unit ?? ''] ?? 0)
  return total
}

/** The shortest text that `parseDuration` reads as these milliseconds: `4h`, `90s`, `0`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0'
  const [unit, length] = Object.entries(units).findLast(([, size]) => ms % size === 0) ?? ['ms', 1]
  return `${ms / length}${unit}`
}

/** Reads a number above 0; `isWhole` allows no fraction. Undefined for anything else. */
export function parsePositive(text: string, isWhole: boolean): number | undefined {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0) || !Number.isFinite(value)) return undefined
  return isWhole && !Number.isSafeInteger(value) ? undefined : value
}
