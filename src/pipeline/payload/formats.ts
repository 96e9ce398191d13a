/** Whether a text has a format. */
export type FormatCheck = (text: string) => boolean

const withoutRule = new Set(['password', 'text'])

/** The check of a field's `format`, by the rules of `ajv-formats`; undefined where there is nothing to check. */
export function formatCheck(format: string | undefined): FormatCheck | undefined {
  if (format === undefined || withoutRule.has(format)) return undefined
  let check: FormatCheck | undefined
  return (text) => {
    check ??= loadFormat(format)
    return check(text)
  }
}

type Format = true | RegExp | FormatCheck | { validate: RegExp | FormatCheck }

function loadFormat(name: string): FormatCheck {
  const { fullFormats } = require('ajv-formats/dist/formats') as { fullFormats: Record<string, Format> }
  const format = Object.hasOwn(fullFormats, name) ? fullFormats[name] : undefined
  if (format === undefined || format === true) return () => true
  const rule = typeof format === 'object' && 'validate' in format ? format.validate : format
  return rule instanceof RegExp ? (text) => rule.test(text) : rule
}

/** The common spellings of ISO 8601, whose fields are in range by form; everything else is asked of dayjs. */
const plainIso =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z)?$/

/** Whether a text is a time as the actions framework understands `datetime`: what dayjs reads, or digits. */
export function isDateLike(text: string): boolean {
  if (plainIso.test(text)) return true
  if (String(Number(text)) === text) return Number.isFinite(Number(text))
  const dayjs = require('dayjs') as typeof import('dayjs')
  return dayjs(text).isValid()
}
