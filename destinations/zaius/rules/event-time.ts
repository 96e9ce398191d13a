/** Numbers below this are seconds since the epoch, others milliseconds. */
const millisecondsFrom = 1e11

/** A time as ISO 8601 with milliseconds, of ISO 8601 or a number of seconds or milliseconds; undefined if it is none. */
export function eventTime(value: string | number | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  const number = Number(value)
  const time = Number.isFinite(number)
    ? number * (Math.abs(number) < millisecondsFrom ? 1000 : 1)
    : Date.parse(String(value))
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
