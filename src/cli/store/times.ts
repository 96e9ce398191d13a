import dayjs from 'dayjs'
import { parseDuration } from '../run/parse-options'

/** `2026-01-15T12:00:00Z`, in UTC. */
export const timeText = (at: number): string => `${dayjs(at).toISOString().slice(0, 19)}Z`

/** A span of time for people, in its largest unit: `3 d`, `2 h`, `5 min`, `40 s`. */
export function ageText(ms: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const
  for (const [length, name] of units) if (ms >= length) return `${Math.floor(ms / length)} ${name}`
  return `${Math.max(0, Math.floor(ms / 1000))} s`
}

/** A moment that a user gave: a date and time, or how long ago (`2h`). Milliseconds since the epoch; undefined for neither. */
export function parseMoment(text: string, now = Date.now()): number | undefined {
  const ago = parseDuration(text)
  if (ago !== undefined) return now - ago
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const moment = dayjs(text)
  return moment.isValid() ? moment.valueOf() : undefined
}
