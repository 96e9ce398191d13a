/**
 * Reads a time as programs write it; undefined for what is none, or is outside the years 0 to 9999.
 *
 * - ISO 8601, whole or in part: `2016`, `2016-05`, `2024-05-01`, `20240501`, `2024-05-01T10:00:00.123+02:00`, also with
 *   a blank for the `T`. Days that do not exist are none.
 * - Other numbers, and texts of digits: seconds below 1e11 (ten digits), milliseconds below 1e14 (thirteen digits),
 *   then microseconds and nanoseconds.
 * - `Date`, and texts with the name of a month, such as `Wed, 01 May 2024 10:00:00 GMT`.
 *
 * Without a time of day it is midnight, without a time zone UTC, wherever the program runs.
 */
export function readTime(value: unknown): Date | undefined {
  if (value instanceof Date) return withinYears(value.getTime())
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') return undefined
  const text = String(value).trim()
  if (usualForm.test(text)) return sameDay(text)
  if (/^\d+$/.test(text)) return compactDate(text) ?? sinceEpoch(text)
  if (text !== '' && Number.isFinite(Number(text))) return sinceEpoch(text)
  const iso = isoPattern.exec(text)
  if (iso !== null) return isoTime(iso)
  return monthName.test(text) ? withinYears(Date.parse(hasZone.test(text) ? text : `${text} UTC`)) : undefined
}

/** What almost every event has; read without a library. */
const usualForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** JavaScript moves days that do not exist to the next month. */
function sameDay(text: string): Date | undefined {
  const date = withinYears(Date.parse(text))
  return date?.toISOString().startsWith(text.slice(0, 10)) ? date : undefined
}

const isoPattern =
  /^(\d{4})[-/](\d\d)(?:[-/](\d\d)(?:(?:T|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?)?$/i
const monthName = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i
const hasZone = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d|\b[ECMP][SD]T)\s*(?:\(.*\))?$/i

/** Digits that are a year, a day, or a day and a time. */
const compactFormats: Readonly<Record<number, string>> = { 4: 'YYYY', 8: 'YYYYMMDD', 14: 'YYYYMMDDHHmmss' }

function compactDate(digits: string): Date | undefined {
  const format = compactFormats[digits.length]
  return format === undefined ? undefined : strictDate(digits, format)
}

/** Powers of ten below which a number counts in the unit, and how many milliseconds that has. */
const units: readonly (readonly [below: number, milliseconds: number])[] = [
  [1e11, 1000],
  [1e14, 1],
  [1e17, 1e-3],
  [Infinity, 1e-6],
]

function sinceEpoch(text: string): Date | undefined {
  const number = Number(text)
  const unit = units.find(([below]) => Math.abs(number) < below)
  return unit === undefined ? undefined : withinYears(number * unit[1])
}

function isoTime(match: RegExpExecArray): Date | undefined {
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = ''] =
    match
  const date = strictDate(`${year}${month}${day}${hour}${minute}${second}`, 'YYYYMMDDHHmmss')
  if (date === undefined) return undefined
  return withinYears(date.getTime() + Number(fraction.slice(0, 3).padEnd(3, '0')) - offsetMs(zone))
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (match === null) return 0
  const [, sign, hours, minutes = '0'] = match
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** A date of UTC that exists: dayjs gives the text back, or it was none. */
function strictDate(text: string, format: string): Date | undefined {
  const date = loadDayjs().utc(text, format, true)
  return date.isValid() ? withinYears(date.valueOf()) : undefined
}

type Dayjs = typeof import('dayjs') & {
  utc(text: string, format: string, strict: boolean): import('dayjs').Dayjs
}
let loaded: Dayjs | undefined

/** Loaded at the first date, so that loading the package stays cheap. */
function loadDayjs(): Dayjs {
  if (loaded === undefined) {
    loaded = require('dayjs') as Dayjs
    loaded.extend(require('dayjs/plugin/utc') as never)
    loaded.extend(require('dayjs/plugin/customParseFormat') as never)
  }
  return loaded
}

function withinYears(time: number): Date | undefined {
  const date = new Date(time)
  const year = date.getUTCFullYear()
  return year >= 0 && year <= 9999 ? date : undefined
}
