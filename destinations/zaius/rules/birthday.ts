export type Birthday = { readonly dob_year: number; readonly dob_month: number; readonly dob_day: number }

/** The day of birth in ODP's three fields, of ISO 8601; the day is the one that is written, whatever the time zone. */
export function birthday(value: unknown): Birthday | undefined {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value
  const match = typeof text === 'string' ? /^\s*(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(text) : null
  if (match === null) return undefined
  const [dob_year, dob_month, dob_day] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(dob_year, dob_month - 1, dob_day))
  return date.getUTCMonth() === dob_month - 1 && date.getUTCDate() === dob_day
    ? { dob_year, dob_month, dob_day }
    : undefined
}
