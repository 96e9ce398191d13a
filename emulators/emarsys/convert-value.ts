/** What a data map makes of a value before it goes into a field. */
export type Transform =
  | 'none'
  | 'date'
  | 'numeric'
  | 'optIn'
  | 'boolChoice'
  | 'singleChoice'
  | 'multiChoice'
  | 'json'

/** From a value of the message, as text, to the id of a choice. */
export type Choices = Readonly<Record<string, number | string>>

export type FieldValue = string | string[]

type Convert = (value: unknown, choices: Choices | undefined) => FieldValue | undefined

const maxDigits = 24
const yes = new Set<unknown>([true, 1, '1', 'yes', 'opted_in'])
const no = new Set<unknown>([false, 2, '2', 'no'])

const converters: Readonly<Record<Transform, Convert>> = {
  none: (value) => (isScalar(value) ? String(value) : undefined),
  date: dateText,
  numeric: (value) =>
    typeof value === 'number' || typeof value === 'string' ? numericText(value) : undefined,
  optIn: (value) => {
    const answer = typeof value === 'string' ? value.trim().toLowerCase() : value
    if (yes.has(answer)) return '1'
    return no.has(answer) ? '2' : undefined
  },
  boolChoice: (value, choices) => (typeof value === 'boolean' ? chosen(value, choices) : undefined),
  singleChoice: chosen,
  multiChoice: (value, choices) => {
    const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value
    if (!Array.isArray(items)) return undefined
    const ids = items.map((item) => chosen(item, choices))
    return ids.every((id) => id !== undefined) ? ids : undefined
  },
  json: (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined),
}

export const transforms = Object.keys(converters) as readonly Transform[]

/** The value as the field takes it; undefined when it cannot be converted. */
export const convertValue = (
  transform: Transform,
  value: unknown,
  choices: Choices | undefined,
): FieldValue | undefined => converters[transform](value, choices)

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** The id of a choice: looked up, or taken as it is where it already is one. */
function chosen(value: unknown, choices: Choices | undefined): string | undefined {
  if (!isScalar(value)) return undefined
  const text = String(value)
  if (choices === undefined) return /^\d+$/.test(text) ? text : undefined
  if (Object.hasOwn(choices, text)) return String(choices[text])
  return Object.values(choices).some((id) => String(id) === text) ? text : undefined
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** The day in UTC. A time without a zone is taken as UTC. */
function dateText(value: unknown): string | undefined {
  if (typeof value === 'number' || value instanceof Date) return dayOf(new Date(value))
  if (typeof value !== 'string') return undefined
  const match = datePattern.exec(value.trim())
  if (match === null) return undefined
  const [, year, month, day, time, zone] = match
  const date = `${year}-${month}-${day}`
  // A day that the month does not have would roll over into the next.
  if (dayOf(new Date(Date.parse(`${date}T00:00:00Z`))) !== date) return undefined
  return time === undefined ? date : dayOf(new Date(`${date}${time}${zone ?? 'Z'}`))
}

/** Undefined for what is no date, and for years that need more than four digits. */
function dayOf(date: Date): string | undefined {
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  return /^\d{4}-/.test(text) ? text.slice(0, 10) : undefined
}

/** Plain decimal text without exponent and leading zeros, of at most 24 digits. */
function numericText(value: number | string): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(value).trim())
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  if (Math.abs(shift) > maxDigits * 2) return undefined
  const digits = whole + fraction
  const point = whole.length + shift
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(Math.max(point, 0), '0')
  const cut = Math.max(point, 0)
  const integer = padded.slice(0, cut).replace(/^0+(?=\d)/, '') || '0'
  const decimals = padded.slice(cut)
  const text = decimals === '' ? integer : `${integer}.${decimals}`
  if (text.replace('.', '').length > maxDigits) return undefined
  return sign === '-' && /[1-9]/.test(text) ? `-${text}` : text
}
