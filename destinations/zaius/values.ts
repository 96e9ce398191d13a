import type { ZaiusSettings } from './settings'
import { maxTextLength, reservedFields } from './vocabulary'

export type Plain = string | number | boolean
export type Dropped = (field: string, reason: string) => void
export type NameSettings = Pick<ZaiusSettings, 'fieldNames' | 'truncateText'>

/**
 * A name as ODP writes names: words in lower case, joined by underscores. `Trial Started` and `trialStarted` both
 * give `trial_started`. Digits stay with their word, as in `last_30days`; a name without letters and digits gives ''.
 */
export const snakeCase = (name: string): string =>
  name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')

/** The rule for names of fields: lower snake case, beginning with a letter. No account has a field of another name. */
export const isFieldName = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name)

/**
 * The names under which values are sent. A name that no field can have is put into lower snake case, if the settings
 * say so and the name is not taken; else it stays, with a word. Accents are lost, as they are in names of fields.
 */
export function fieldNames(
  names: readonly string[],
  settings: Pick<ZaiusSettings, 'fieldNames'>,
  dropped: Dropped,
): ReadonlyMap<string, string> {
  const taken = new Set(names)
  const result = new Map<string, string>()
  for (const name of names) {
    const converted = isFieldName(name) ? name : fieldNameOf(name)
    const mayConvert = settings.fieldNames === 'convert' && isFieldName(converted) && !taken.has(converted)
    if (converted !== name && !mayConvert) dropped(name, noField)
    result.set(name, mayConvert ? converted : name)
    if (mayConvert) taken.add(converted)
  }
  return result
}

const noField = 'ODP drops it: names of fields are in lower snake case'

const fieldNameOf = (name: string): string =>
  snakeCase(name.normalize('NFD').replace(/\p{M}/gu, '')).replace(/^[^a-z]+/, '')

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
  settings: NameSettings,
  dropped: Dropped,
): Record<string, Plain> {
  const plain: [string, Plain][] = []
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue
    const converted = plainValue(value)
    const reserved = reservedFields.get(field)
    if (reserved !== undefined) dropped(field, reserved)
    else if (converted === undefined) dropped(field, notPlain(value))
    else plain.push([field, fitting(converted, settings.truncateText === true, field, dropped)])
  }
  const names = fieldNames(
    plain.map(([field]) => field),
    settings,
    dropped,
  )
  const result: Record<string, Plain> = {}
  for (const [field, value] of plain) setOwn(result, names.get(field) as string, value)
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
