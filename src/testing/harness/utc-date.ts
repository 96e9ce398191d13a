const RealDate = Date

const fields = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const

const isoWithoutZone = /^[+-]?\d{4,6}(-\d\d){0,2}[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/
const isoDate = /^[+-]?\d{4,6}(-\d\d(-\d\d)?)?$/
const namesZone = /(?:z|gmt|utc|ut|[ecmp][sd]t|[+-]\d\d:?\d\d)\s*(?:\(.*\))?$/i

/** What a text without a time zone means in UTC; the others name their own. */
function parseInUtc(text: string): number {
  const trimmed = text.trim()
  if (isoDate.test(trimmed) || namesZone.test(trimmed)) return RealDate.parse(text)
  return RealDate.parse(isoWithoutZone.test(trimmed) ? `${trimmed}Z` : `${trimmed} UTC`)
}

/**
 * A `Date` that stands still at `now` (milliseconds since the epoch) and lives in UTC, whatever the time zone of the
 * process is: local getters, setters, texts and parsing included.
 */
export function createUtcDate(now: number): DateConstructor {
  class UtcDate extends RealDate {
    constructor(...parts: readonly unknown[]) {
      const [first] = parts
      if (parts.length === 0) super(now)
      else if (parts.length > 1) super(RealDate.UTC(...(parts as Parameters<typeof RealDate.UTC>)))
      else super(typeof first === 'string' ? parseInUtc(first) : (first as number | Date))
    }
    static override now = () => now
    static override parse = parseInUtc
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Function.prototype[Symbol.hasInstance].call(RealDate, value)
    }
    override getTimezoneOffset(): number {
      return 0
    }
    override toString(): string {
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`
    }
    override toDateString(): string {
      const [weekday, day, month, year] = this.toUTCString().replace(',', '').split(' ')
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : `${weekday} ${month} ${day} ${year}`
    }
    override toTimeString(): string {
      return Number.isNaN(this.getTime())
        ? 'Invalid Date'
        : `${this.toUTCString().slice(-12, -4)} GMT+0000 (Coordinated Universal Time)`
    }
    override toLocaleString(locales?: Intl.LocalesArgument, options?: Intl.DateTimeFormatOptions): string {
      return super.toLocaleString(locales ?? 'en-US', { timeZone: 'UTC', ...options })
    }
    override toLocaleDateString(
      locales?: Intl.LocalesArgument,
      options?: Intl.DateTimeFormatOptions,
    ): string {
      return super.toLocaleDateString(locales ?? 'en-US', { timeZone: 'UTC', ...options })
    }
    override toLocaleTimeString(
      locales?: Intl.LocalesArgument,
      options?: Intl.DateTimeFormatOptions,
    ): string {
      return super.toLocaleTimeString(locales ?? 'en-US', { timeZone: 'UTC', ...options })
    }
  }

  const methods = UtcDate.prototype as unknown as Record<string, unknown>
  for (const field of fields) {
    methods[`get${field}`] = methods[`getUTC${field}`]
    if (field !== 'Day') methods[`set${field}`] = methods[`setUTC${field}`]
  }
  return UtcDate as unknown as DateConstructor
}
