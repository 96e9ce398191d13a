import { maxTextLength, reservedFields } from '../vocabulary'

export type Plain = string | number | boolean
export type Dropped = (field: string, reason: string) => void

/** What a field of ODP can hold: text, numbers and booleans. Dates become ISO 8601; undefined for all else. */
export function plainValue(value: unknown): Plain | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined
}

/** A text cut to what a field holds, if the settings say so. */
export function fitting<Value>(
  value: Value,
  isCut: boolean,
  field: string,
  dropped: Dropped,
): Value | string {
  if (!isCut || typeof value !== 'string') return value
  const characters = [...value]
  if (characters.length <= maxTextLength) return value
  dropped(field, `the text was cut to ${maxTextLength} characters`)
  return characters.slice(0, maxTextLength).join('')
}

/** The plain ones of some values. Missing ones and null go silently, nested and reserved ones with a word. */
export function plainValues(
  values: Readonly<Record<string, unknown>>,
  isCut: boolean,
  dropped: Dropped,
): Record<string, Plain> {
  const result: Record<string, Plain> = {}
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue
    const plain = plainValue(value)
    const reserved = reservedFields.get(field)
    if (reserved !== undefined) dropped(field, reserved)
    else if (plain === undefined) dropped(field, notPlain(value))
    else setOwn(result, field, fitting(plain, isCut, field, dropped))
  }
  return result
}

/** Why a value has no place in a field. */
export const notPlain = (value: unknown): string =>
  typeof value === 'object' && !(value instanceof Date)
    ? 'ODP keeps no lists and no nested objects in a field'
    : 'the value is no text, number or boolean'

/** Assigns a member even under the name `__proto__`. */
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}
