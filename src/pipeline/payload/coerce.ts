/**
 * Coercions of the actions framework (those of Ajv 8 with `coerceTypes: 'array'`). Each gives the coerced value, or
 * `refused` where the value cannot become one of the type.
 */
export const refused: unique symbol = Symbol('refused')

export type Coerce = (value: unknown) => unknown

/** A list of one stands for its item. */
const unwrapped = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

export const toText: Coerce = (given) => {
  if (typeof given === 'string') return given
  const value = unwrapped(given)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null ? '' : refused
}

export const toNumber: Coerce = (given) => {
  if (isNumber(given)) return given
  const value = unwrapped(given)
  if (isNumber(value)) return value
  if (typeof value === 'boolean') return Number(value)
  if (value === null) return 0
  if (typeof value !== 'string' || value === '') return refused
  const number = Number(value)
  return Number.isNaN(number) ? refused : number
}

export const toInteger: Coerce = (given) => {
  const number = toNumber(given)
  return typeof number === 'number' && number % 1 === 0 ? number : refused
}

export const toBoolean: Coerce = (given) => {
  if (typeof given === 'boolean') return given
  const value = unwrapped(given)
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 1) return true
  return value === 'false' || value === 0 || value === null ? false : refused
}

/** Text and numbers stay as they are; a list of one becomes text. */
export const toDatetime: Coerce = (value) => (isNumber(value) ? value : toText(value))

/** No list stands for an object. */
export const toObject: Coerce = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : refused

/** Makes a coercion also take null, and what stands for it where nothing else fits. */
export const orNull =
  (coerce: Coerce): Coerce =>
  (given) => {
    if (given === null) return null
    const value = unwrapped(given)
    const coerced = coerce(value)
    if (coerced !== refused) return coerced
    return value === null || value === '' || value === 0 || value === false ? null : refused
  }
