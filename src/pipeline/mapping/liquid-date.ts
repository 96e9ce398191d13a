/**
 * The date filters of Liquid, so that they give the same on every machine: liquidjs reads times without a zone, and
 * shows all times, in the zone of the process, with its gaps, and names months in its language. Here both are UTC and
 * English, unless the template names a zone.
 */
type Time = {
  /** Milliseconds since the epoch. */
  readonly instant: number
  /** The same, moved so that its UTC fields are those of the zone. */
  readonly shown: Date
  /** Minutes that the zone is behind UTC, as `Date.prototype.getTimezoneOffset` has it. */
  readonly offset: number
  /** The zone by its name, where the template gave one. */
  readonly zone: string
}

type MemoryLimit = { use(count: number): void }
type FilterContext = { readonly context: { readonly memoryLimit: MemoryLimit } }
type Filter = (this: FilterContext, value: unknown, ...more: unknown[]) => unknown

const minute = 60_000

/** Minutes that a zone is behind UTC at an instant: a number of minutes, or a name such as `Asia/Tokyo`. */
function zoneOffset(zone: unknown, instant: number): number {
  if (zone === undefined || zone === null) return 0
  if (typeof zone === 'number') return zone
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: String(zone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return (Math.floor(instant / 1_000) * 1_000 - local) / minute
}

const namesZone = /(?:\b(?:z|utc?|gmt|[ecmp][sd]t)|[+-]\d\d:?\d\d|\d\dz)\s*(?:\([^()]*\))?\s*$/i
const isoWithoutZone = /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.,]+$/
const longestText = 200

/** A text as `Date` reads it, but in UTC where it names no zone. NaN for no time. */
function instantOf(text: string): number {
  if (text.length > longestText) return Number.NaN
  if (isoWithoutZone.test(text)) return Date.parse(`${text}Z`)
  // Without a zone, and not such an ISO text, `Date` reads local time.
  const inUtc = namesZone.test(text) ? Number.NaN : Date.parse(`${text} UTC`)
  return Number.isNaN(inUtc) ? Date.parse(text) : inUtc
}

function readTime(value: unknown, zone: unknown): Time | undefined {
  if (value === undefined || value === null) return undefined
  let instant: number
  if (value === 'now' || value === 'today') instant = Date.now()
  else if (typeof value === 'number') instant = value * 1_000
  else if (typeof value === 'string') instant = /^\d+$/.test(value) ? Number(value) * 1_000 : instantOf(value)
  else instant = new Date(value as Date).getTime()
  if (Number.isNaN(new Date(instant).getTime())) return undefined
  const offset = zoneOffset(zone, instant)
  const shown = new Date(instant - offset * minute)
  return { instant, shown, offset, zone: typeof zone === 'string' ? zone : '' }
}

const named = (options: Intl.DateTimeFormatOptions, { shown }: Time): string =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(shown)

const dayOfYear = ({ shown }: Time): number =>
  Math.floor((shown.getTime() - Date.UTC(shown.getUTCFullYear(), 0, 1)) / 86_400_000) + 1

/** Days before the first `firstDay` of the year belong to week 0. */
const weekOfYear = (time: Time, firstDay: number): number =>
  Math.floor((dayOfYear(time) - 1 - ((time.shown.getUTCDay() - firstDay + 7) % 7) + 7) / 7)

function ordinal({ shown }: Time): string {
  const day = shown.getUTCDate()
  if (day > 10 && day < 14) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}

const two = (number: number): string => String(number).padStart(2, '0')

function offsetText({ offset }: Time, withColon: boolean): string {
  const minutes = Math.abs(offset)
  const colon = withColon ? ':' : ''
  return `${offset > 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`
}

type Code = (time: Time, width: number, flags: string) => string | number

/** The codes of `strftime`. */
const codes: Readonly<Record<string, Code>> = {
  a: (time) => named({ weekday: 'short' }, time),
  A: (time) => named({ weekday: 'long' }, time),
  b: (time) => named({ month: 'short' }, time),
  h: (time) => named({ month: 'short' }, time),
  B: (time) => named({ month: 'long' }, time),
  c: ({ shown }) => shown.toLocaleString('en-US', { timeZone: 'UTC' }),
  C: ({ shown }) => Math.floor(shown.getUTCFullYear() / 100),
  d: ({ shown }) => shown.getUTCDate(),
  e: ({ shown }) => shown.getUTCDate(),
  H: ({ shown }) => shown.getUTCHours(),
  I: ({ shown }) => shown.getUTCHours() % 12 || 12,
  j: dayOfYear,
  k: ({ shown }) => shown.getUTCHours(),
  l: ({ shown }) => shown.getUTCHours() % 12 || 12,
  L: ({ shown }) => shown.getUTCMilliseconds(),
  m: ({ shown }) => shown.getUTCMonth() + 1,
  M: ({ shown }) => shown.getUTCMinutes(),
  N: ({ shown }, width) =>
    String(shown.getUTCMilliseconds())
      .padStart(3, '0')
      .slice(0, width || 9)
      .padEnd(width || 9, '0'),
  p: ({ shown }) => (shown.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: ({ shown }) => (shown.getUTCHours() < 12 ? 'am' : 'pm'),
  q: ordinal,
  s: ({ instant }) => Math.floor(instant / 1_000),
  S: ({ shown }) => shown.getUTCSeconds(),
  u: ({ shown }) => shown.getUTCDay() || 7,
  U: (time) => weekOfYear(time, 0),
  w: ({ shown }) => shown.getUTCDay(),
  W: (time) => weekOfYear(time, 1),
  x: ({ shown }) => shown.toLocaleDateString('en-US', { timeZone: 'UTC' }),
  X: ({ shown }) => shown.toLocaleTimeString('en-US', { timeZone: 'UTC' }),
  y: ({ shown }) => ((shown.getUTCFullYear() % 100) + 100) % 100,
  Y: ({ shown }) => shown.getUTCFullYear(),
  z: (time, _width, flags) => offsetText(time, flags.includes(':')),
  Z: (time) => time.zone || (time.offset === 0 ? 'UTC' : offsetText(time, false)),
  t: () => '\t',
  n: () => '\n',
  '%': () => '%',
}

const widths: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...'CdeHIklmMSUWy'].map((code) => [code, 2])),
  j: 3,
  L: 3,
  Y: 4,
}
const paddedWithSpaces = new Set('aAbBceklpP')
const formatPattern = /%([-_0^#:]*)(\d*)[EO]?(.)/g

function formatted(time: Time, format: string, memory: MemoryLimit): string {
  return format.replace(formatPattern, (whole, flags: string, width: string, code: string) => {
    const show = Object.hasOwn(codes, code) ? codes[code] : undefined
    if (show === undefined) return whole
    memory.use(Number(width))
    let text = String(show(time, Number(width), flags))
    if (flags.includes('^')) text = text.toUpperCase()
    else if (flags.includes('#')) text = /[a-z]/.test(text) ? text.toUpperCase() : text.toLowerCase()
    if (flags.includes('-')) return text
    const usesSpace = flags.includes('_') || (!flags.includes('0') && paddedWithSpaces.has(code))
    const padded = Number(width) || widths[code] || 0
    const isNegative = text.startsWith('-') && !usesSpace
    return isNegative
      ? `-${text.slice(1).padStart(padded - 1, '0')}`
      : text.padStart(padded, usesSpace ? ' ' : '0')
  })
}

const defaultFormat = '%A, %B %-e, %Y at %-l:%M %P %z'

const show = (format: string): Filter =>
  function (value) {
    const time = readTime(value, undefined)
    return time === undefined ? value : formatted(time, format, this.context.memoryLimit)
  }

const dayAndMonth = (month: string): Filter =>
  function (value, type, style) {
    const time = readTime(value, undefined)
    if (time === undefined) return value
    const day = `${time.shown.getUTCDate()}%q`
    const ordinalFormat = style === 'US' ? `${month} ${day}, %Y` : `${day} ${month} %Y`
    const format = type === 'ordinal' ? ordinalFormat : `%d ${month} %Y`
    return formatted(time, format, this.context.memoryLimit)
  }

/** By their names in templates. */
export const dateFilters: Readonly<Record<string, Filter>> = {
  date(value, format, zone) {
    const { memoryLimit } = this.context
    const time = readTime(value, zone)
    if (time === undefined) return value
    const text = format === undefined || format === null ? defaultFormat : String(format)
    memoryLimit.use(text.length)
    return formatted(time, text, memoryLimit)
  },
  date_to_xmlschema: show('%Y-%m-%dT%H:%M:%S%:z'),
  date_to_rfc822: show('%a, %d %b %Y %H:%M:%S %z'),
  date_to_string: dayAndMonth('%b'),
  date_to_long_string: dayAndMonth('%B'),
}
