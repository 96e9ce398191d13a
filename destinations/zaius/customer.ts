import isPlainObject from 'lodash/isPlainObject'
import { readTime } from 'waybill'
import type { ObjectContext } from './api'
import { identifiers, phone } from './identifiers'
import type { ZaiusSettings } from './settings'
import { type Dropped, fieldNames, fitting, notPlain, type Plain, plainValue, setOwn } from './values'
import { addressFieldOf, customerFieldOf, reservedTraits } from './vocabulary'

type ProfilePayload = {
  identifiers?: Readonly<Record<string, unknown>>
  further_identifiers?: Readonly<Record<string, unknown>>
  traits?: Readonly<Record<string, unknown>>
  fields?: Readonly<Record<string, unknown>>
}

/**
 * One object of `POST /v3/profiles`: fields and identifiers in one map, where identifiers win.
 * @throws PayloadValidationError without an identifier.
 */
export function profileObject(payload: ProfilePayload, context: ObjectContext) {
  const { settings, dropped } = context
  const known = identifiers({ ...payload.further_identifiers, ...payload.identifiers }, settings, dropped)
  const mapped = customerFields(payload.fields ?? {}, settings, dropped)
  return { attributes: { ...customerFields(payload.traits ?? {}, settings, dropped), ...mapped, ...known } }
}

export type TraitSettings = Pick<ZaiusSettings, 'clearWithNull' | 'truncateText' | 'fieldNames'>

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
  const others = Object.keys(traits).filter((trait) => !isTranslated(trait, traits[trait]))
  const sent = others.filter((trait) => !reservedTraits.has(trait) && !isEmptyOrNested(traits[trait]))
  const names = fieldNames(sent, settings, dropped)
  for (const trait of others)
    if (reservedTraits.has(trait)) dropped(trait, reservedTraits.get(trait) as string)
    else set(names.get(trait) ?? trait, specialValue(trait, traits[trait], dropped))
  return fields
}

/** What is not sent under any name needs no word about its name. */
const isEmptyOrNested = (value: unknown): boolean => isEmpty(value) || plainValue(value) === undefined

const isObject = (value: unknown): value is Traits => isPlainObject(value)

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

/** A birthday as far as it is told: a year alone, a year and a month, or a day. */
export type Birthday = { dob_year: number; dob_month?: number; dob_day?: number }

/** The day of birth in ODP's three fields; the day is the one that is written, whatever the time zone. */
export function birthday(value: unknown): Birthday | undefined {
  const time = readTime(value)
  if (time === undefined) return undefined
  const written =
    typeof value === 'string' ? /^\s*(\d{4})(?:[-/](\d\d)(?:[-/](\d\d))?)?(?!\d)/.exec(value) : null
  if (written === null)
    return { dob_year: time.getUTCFullYear(), dob_month: time.getUTCMonth() + 1, dob_day: time.getUTCDate() }
  const [, year, month, day] = written
  return {
    dob_year: Number(year),
    ...(month === undefined ? {} : { dob_month: Number(month) }),
    ...(day === undefined ? {} : { dob_day: Number(day) }),
  }
}

const letters = new Map<string, 'F' | 'M'>([
  ['f', 'F'],
  ['female', 'F'],
  ['woman', 'F'],
  ['m', 'M'],
  ['male', 'M'],
  ['man', 'M'],
])

/** The one letter that ODP keeps, or undefined for anything that is neither. */
export const gender = (value: unknown): 'F' | 'M' | undefined =>
  typeof value === 'string' ? letters.get(value.trim().toLowerCase()) : undefined
