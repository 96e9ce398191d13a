export type Values = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number, or 0 for anything else. */
export const numberOr0 = (value: unknown): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : 0
}

/** A time as ODP reads it, ISO 8601 or seconds since the epoch, as milliseconds since the epoch. */
export function readTime(value: unknown): number | undefined {
  const isSeconds = typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value))
  const time = isSeconds ? Number(value) * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(new Date(time).getTime()) ? undefined : time
}
