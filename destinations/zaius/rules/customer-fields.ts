import type { ZaiusSettings } from '../settings'
import { addressFieldOf, customerFieldOf, reservedTraits } from '../vocabulary'
import { birthday } from './birthday'
import { gender } from './gender'
import { phone } from './phone'
import { type Dropped, fitting, notPlain, type Plain, plainValue, setOwn } from './plain-values'

export type TraitSettings = Pick<ZaiusSettings, 'clearWithNull' | 'truncateText'>

type Traits = Readonly<Record<string, unknown>>

/**
 * The fields of a customer, of the traits of a person: standard traits under ODP's names, every other one under its
 * own. A trait that is already spelled as ODP spells it goes before its translation.
 */
export function customerFields(
  traits: Traits,
  settings: TraitSettings,
  dropped: Dropped,
): Record<string, Plain | null> {
  const fields: Record<string, Plain | null> = {}
  const set = (field: string, value: unknown): void => {
    const converted = fieldValue(value, field, settings, dropped)
    if (converted !== undefined) setOwn(fields, field, converted)
  }
  for (const [trait, field] of Object.entries(customerFieldOf))
    if (Object.hasOwn(traits, trait)) set(field, traits[trait])
  if (isObject(traits.address)) setAddress(traits.address, set, dropped)
  if (Object.hasOwn(traits, 'birthday')) setBirthday(traits.birthday, set, dropped)
  for (const [trait, value] of Object.entries(traits))
    if (reservedTraits.has(trait)) dropped(trait, reservedTraits.get(trait) as string)
    else if (!isTranslated(trait, value)) set(trait, specialValue(trait, value, dropped))
  return fields
}

const isObject = (value: unknown): value is Traits =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** Traits that have been dealt with under ODP's names. */
const isTranslated = (trait: string, value: unknown): boolean =>
  Object.hasOwn(customerFieldOf, trait) || trait === 'birthday' || (trait === 'address' && isObject(value))

/** Gender and phone have a form of their own; what does not fit it is left out. */
function specialValue(trait: string, value: unknown, dropped: Dropped): unknown {
  if (isEmpty(value) || (trait !== 'gender' && trait !== 'phone')) return value
  const converted = trait === 'gender' ? gender(value) : phone(value)
  if (converted === undefined)
    dropped(
      trait,
      trait === 'gender' ? 'ODP knows F and M' : 'no number in the form of E.164, such as +15552108050',
    )
  return converted
}

type SetField = (field: string, value: unknown) => void

function setAddress(address: Traits, set: SetField, dropped: Dropped): void {
  for (const [member, value] of Object.entries(address)) {
    const field = Object.hasOwn(addressFieldOf, member) ? addressFieldOf[member] : undefined
    if (field === undefined) dropped(`address.${member}`, 'ODP has no field for it')
    else set(field, value)
  }
}

function setBirthday(value: unknown, set: SetField, dropped: Dropped): void {
  const date = birthday(value)
  if (date === undefined && !isEmpty(value)) dropped('birthday', 'no date in the form of ISO 8601')
  else for (const field of ['dob_year', 'dob_month', 'dob_day'] as const) set(field, date?.[field] ?? null)
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Identifiers are never cleared: that would make two people of one. */
const neverNull = new Set(['email', 'phone'])

/** Trimmed text, numbers and booleans; null for what is empty, where that clears; undefined for what is not sent. */
function fieldValue(
  value: unknown,
  field: string,
  settings: TraitSettings,
  dropped: Dropped,
): Plain | null | undefined {
  if (value === undefined) return undefined
  if (isEmpty(value)) return settings.clearWithNull && !neverNull.has(field) ? null : undefined
  const plain = plainValue(value)
  if (plain === undefined) {
    dropped(field, notPlain(value))
    return undefined
  }
  const trimmed = typeof plain === 'string' ? plain.trim() : plain
  return fitting(trimmed, settings.truncateText === true, field, dropped)
}
