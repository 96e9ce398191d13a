/** Where a value cannot become one of the types. */
export const refused: unique symbol = Symbol('refused')

/** Whether a value has a type of JSON Schema. Infinity and NaN are no numbers. */
export function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    default:
      return typeof value === type
  }
}

export const hasSomeType = (types: readonly string[], value: unknown): boolean =>
  types.some((type) => hasType(type, value))

/** What a single type makes of a value that is not of it. */
function towards(type: string, value: unknown, compatibility: boolean): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'number' || typeof value === 'boolean') return String(value)
      return value === null ? '' : refused
    case 'number':
    case 'integer':
      return towardsNumber(value, type === 'integer', compatibility)
    case 'boolean':
      if (value === 'false' || value === 0 || value === null) return false
      return value === 'true' || value === 1 ? true : refused
    case 'null':
      return value === '' || value === 0 || value === false ? null : refused
    case 'array':
      return isScalar(value) ? [value] : refused
    default:
      return refused
  }
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

function towardsNumber(value: unknown, isInteger: boolean, compatibility: boolean): unknown {
  if (typeof value === 'boolean' || value === null) return Number(value)
  if (typeof value !== 'string' || value === '') return refused
  const number = Number(value)
  if (Number.isNaN(number) || !(compatibility || isExact(value, number))) return refused
  return isInteger && number % 1 ? refused : number
}

/**
 * Whether a number says what its text says: white space is no 0, `Infinity` and 1e999 have no place in JSON, and an
 * integer beyond 2^53 may have lost its last digits.
 */
export function isExact(text: string, number: number): boolean {
  if (number === 0) return text.trim() !== ''
  if (!Number.isFinite(number)) return false
  if (Number.isSafeInteger(number) || !Number.isInteger(number)) return true
  return /^\s*[+-]?\d+\s*$/.test(text) ? BigInt(text.replace('+', '')) === BigInt(number) : true
}

/**
 * The coercions of the actions framework, which are those of Ajv 8 with `coerceTypes: 'array'`: a list of one stands
 * for its item, and the first type that can take the value gets it. By default a text becomes a number only if that
 * says the same. `value` is what a message should talk about.
 */
export function coerce(types: readonly string[], given: unknown, compatibility: boolean): Coercion {
  let value = given
  if (Array.isArray(given) && given.length === 1) {
    value = given[0]
    // With several types Ajv asks the item to be of all of them, so that it is never taken as it is.
    if (types.length === 1 && value !== undefined && hasSomeType(types, value)) return { value, isFit: true }
  }
  for (const type of types) {
    const coerced = towards(type, value, compatibility)
    if (coerced !== refused) return { value: coerced, isFit: true }
  }
  return { value, isFit: false }
}

/** A coerced value, or the value that no type could take. */
export type Coercion = { readonly value: unknown; readonly isFit: boolean }
