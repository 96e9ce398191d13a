/** Whether a text has a format. */
export type FormatCheck = (text: string) => boolean

type Format = true | RegExp | FormatCheck | { type?: string; validate: RegExp | FormatCheck }

const withoutRule = new Set(['text', 'password'])

/**
 * The check of a format, by the rules of `ajv-formats`; undefined where texts need none.
 * @throws RangeError for a format that does not exist.
 */
export function formatCheck(name: string | undefined): FormatCheck | undefined {
  if (name === undefined || withoutRule.has(name)) return undefined
  if (name === 'date-like') return isDateLike
  const { fullFormats } = require('ajv-formats/dist/formats') as { fullFormats: Record<string, Format> }
  const format = Object.hasOwn(fullFormats, name) ? fullFormats[name] : undefined
  if (format === undefined) throw new RangeError(`unknown format ${JSON.stringify(name)}`)
  if (format === true) return undefined
  if (typeof format === 'function') return format
  if (format instanceof RegExp) return matcher(name === 'url' ? linearUrl(format) : format)
  if (format.type === 'number') return undefined
  const { validate } = format
  return validate instanceof RegExp ? matcher(validate) : validate
}

const matcher =
  (pattern: RegExp): FormatCheck =>
  (text) =>
    pattern.test(text)

/**
 * The pattern of URLs looks for a password at every colon of the rest, which takes minutes for a long text of colons;
 * user and password together are any characters before an @, and so mean the same.
 */
const linearUrl = ({ source, flags }: RegExp): RegExp =>
  new RegExp(source.replace('(?:\\S+(?::\\S*)?@)?', '(?:\\S+@)?'), flags)

const utc = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/

/** What dayjs reads as fields of local time; such texts are always valid. */
const fields = /^\d{4}[-/]?(?:\d{1,2})?[-/]?\d{0,2}[Tt\s]*(?:\d{1,2})?:?(?:\d{1,2})?:?(?:\d{1,2})?[.:]?\d*$/

const latest = 8.64e12

/** Whether a text is a time as `datetime` fields understand it: what dayjs reads, or a number of seconds. */
export function isDateLike(text: string): boolean {
  if (utc.test(text)) return true
  const number = Number(text)
  if (String(number) === text) return Math.abs(number) <= latest
  if (!/z$/i.test(text) && fields.test(text)) return true
  return !Number.isNaN(Date.parse(text))
}
