/** 12345 → `12,345`. */
export const formatCount = (count: number): string => Math.round(count).toLocaleString('en-US')

/** A span of time for people: `340 ms`, `4.2 s`, `3:07 min`, `1:02:05 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const tail = twoDigits(seconds % 60)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${tail} min`
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${tail} h`
}

/** 1 event, 2 events. */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : many}`
