import { PayloadValidationError, readTime } from 'waybill'
import { type FieldValue, optIn } from '../values'
import { type Read, readerOf } from './paths'

export type Message = Readonly<Record<string, unknown>>

/** Which member of a message goes into which field of the contact. */
export type DataMap = {
  readonly from: string
  /** Id of the field. */
  readonly to: number | string
  /** Types of calls. Default: all. */
  readonly types?: readonly string[]
  readonly transform?: Transform
  /** From values, as text, to ids of choices. */
  readonly choices?: Readonly<Record<string, number | string>>
  readonly default?: unknown
  /** What a message without the member does. Default `skip`. */
  readonly whenMissing?: 'skip' | 'clear'
}

export type Transform = keyof typeof transforms
export type CompiledMap = {
  readonly field: string
  readonly isFor: (message: Message) => boolean
  /** Undefined: nothing is written. `null`: the field is cleared. `unfit`: the value cannot be converted. */
  readonly valueOf: (message: Message) => FieldValue | undefined | typeof unfit
}

export const unfit: unique symbol = Symbol('unfit')

type Choices = DataMap['choices']
type Convert = (value: unknown, choices: Choices) => string | string[] | undefined

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

function choice(value: unknown, choices: Choices): string | undefined {
  if (!isScalar(value)) return undefined
  const text = String(value)
  if (choices === undefined) return /^\d+$/.test(text) ? text : undefined
  if (Object.hasOwn(choices, text)) return String(choices[text])
  return Object.values(choices).map(String).includes(text) ? text : undefined
}

const transforms = {
  none: (value) => (isScalar(value) ? String(value) : undefined),
  date: (value) => {
    if (typeof value !== 'string')
      return readTime(value instanceof Date ? value : numeral(value))
        ?.toISOString()
        .slice(0, 10)
    // What reads as a number is no date here.
    return /^\s*\d{4}-\d\d-\d\d/.test(value) ? readTime(value)?.toISOString().slice(0, 10) : undefined
  },
  numeric: (value) => (typeof value === 'number' || typeof value === 'string' ? decimal(value) : undefined),
  optIn,
  boolChoice: (value, choices) => (typeof value === 'boolean' ? choice(value, choices) : undefined),
  singleChoice: choice,
  multiChoice: (value, choices) => {
    const list = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value
    if (!Array.isArray(list) || list.length === 0) return undefined
    const ids = list.map((item) => choice(item, choices))
    return ids.includes(undefined) ? undefined : (ids as string[])
  },
  json: (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined),
} satisfies Readonly<Record<string, Convert>>

/** Numbers of a date are milliseconds, as in JavaScript. */
const numeral = (value: unknown): Date | undefined =>
  typeof value === 'number' ? new Date(value) : undefined

const maxDigits = 24

/** Plain decimal text of at most 24 digits, without exponent and leading zeros. */
function decimal(value: number | string): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,2}))?$/i.exec(String(value).trim())
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const point = whole.length + Number(exponent)
  if (Math.abs(Number(exponent)) > 2 * maxDigits) return undefined
  const digits = (whole + fraction).padStart(fraction.length + whole.length + Math.max(0, -point), '0')
  const start = Math.max(0, point)
  const integer =
    digits
      .padEnd(start, '0')
      .slice(0, start)
      .replace(/^0+(?=\d)/, '') || '0'
  const rest = digits.slice(start)
  const text = rest === '' ? integer : `${integer}.${rest}`
  if (text.replace('.', '').length > maxDigits) return undefined
  return sign === '-' && /[1-9]/.test(text) ? `-${text}` : text
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''
const known = new Set(['from', 'to', 'types', 'transform', 'choices', 'default', 'whenMissing'])

/** @throws PayloadValidationError for a map that makes no sense. */
export function compileMap(map: DataMap, emptyValues: 'skip' | 'clear'): CompiledMap {
  const unknown = Object.keys(map).find((name) => !known.has(name))
  if (unknown !== undefined) throw new PayloadValidationError(`a data map has no "${unknown}"`)
  const { transform = 'none', types, choices, whenMissing = 'skip' } = map
  const field = String(map.to)
  if (['', '0', 'id', 'uid', 'undefined'].includes(field))
    throw new PayloadValidationError(`a data map cannot write the field "${field}"`)
  if (!Object.hasOwn(transforms, transform))
    throw new PayloadValidationError(`"${transform}" is none of ${Object.keys(transforms).join(', ')}`)
  if (transform === 'boolChoice' && choices === undefined)
    throw new PayloadValidationError('boolChoice needs choices for true and false')
  const read: Read = readerOf(map.from)
  const convert: Convert = transforms[transform]
  return {
    field,
    isFor: ({ type }) => types === undefined || types.includes(String(type)),
    valueOf(message) {
      const given = read(message)
      const value = isEmpty(given) && map.default !== undefined ? map.default : given
      if (isEmpty(value))
        return (value === undefined ? whenMissing : emptyValues) === 'clear' ? null : undefined
      return convert(value, choices) ?? unfit
    },
  }
}
