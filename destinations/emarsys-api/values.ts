import isPlainObject from 'lodash/isPlainObject'
import type { EmarsysSettings } from './settings'

export type Dropped = (field: string, reason: string) => void
/** What is written to a field; null clears it. */
export type FieldValue = string | readonly string[] | null
/** From a value, as text, to the id of a choice, by field. */
export type ChoicesByField = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const optInField = '31'

/** Made by Emarsys; nobody writes them. */
const readOnly = new Set(['0', 'id', 'uid'])

/**
 * The values of a contact as Emarsys takes them: texts, and lists of texts for multiple choices. Opt-in is 1 or 2, never
 * true or false; a list replaces the whole set and is never empty.
 */
export function fieldValues(
  given: Readonly<Record<string, unknown>>,
  choices: ChoicesByField | undefined,
  settings: Pick<EmarsysSettings, 'emptyValues'>,
  dropped: Dropped,
): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {}
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (readOnly.has(field)) {
      dropped(field, 'Emarsys makes it itself')
      continue
    }
    if (value === null || value === '') {
      if (settings.emptyValues === 'clear') values[field] = null
      continue
    }
    const converted = convert(field, value, choices?.[field])
    if (converted === undefined) dropped(field, 'a value that the field cannot hold')
    else if (Array.isArray(converted) && converted.length === 0)
      dropped(field, 'Emarsys refuses an empty list of choices')
    else values[field] = converted
  }
  return values
}

function convert(
  field: string,
  value: unknown,
  choices: Readonly<Record<string, unknown>> | undefined,
): FieldValue | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => scalar(item, choices))
    return items.includes(undefined) ? undefined : (items as string[])
  }
  if (field === optInField && choices === undefined) return optIn(value)
  if (isPlainObject(value)) return choices === undefined ? JSON.stringify(value) : undefined
  return scalar(value, choices)
}

function scalar(value: unknown, choices: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, 10)
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return undefined
  const text = String(value)
  if (choices === undefined) return text
  const chosen = Object.hasOwn(choices, text) ? choices[text] : undefined
  if (chosen !== undefined) return String(chosen)
  return Object.values(choices).some((id) => String(id) === text) ? text : undefined
}

const yes = new Set<unknown>([true, 1, '1', 'true', 'yes', 'opted_in'])
const no = new Set<unknown>([false, 2, '2', 'false', 'no', 'opted_out'])

/** 1 for yes, 2 for no; undefined for anything else. */
export function optIn(value: unknown): string | undefined {
  const answer = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (yes.has(answer)) return '1'
  return no.has(answer) ? '2' : undefined
}
