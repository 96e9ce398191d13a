import { PayloadValidationError } from 'waybill'
import type { ZaiusSettings } from './settings'
import { type Dropped, setOwn } from './values'
import { madeByPlatform, platformId } from './vocabulary'

export type IdentifierSettings = Pick<
  ZaiusSettings,
  'userIdField' | 'anonymousIdField' | 'identifyByPhone' | 'identifyByPropertyEmail'
>

/** Among the mapped identifiers, the address that the properties of an event hold: it may be that of somebody else. */
export const propertyEmail = 'property_email'

/**
 * Everything by which ODP may know the person. All of it goes with every call: that is how what an anonymous
 * visitor did becomes the customer's, as soon as one call carries both. Texts and numbers count, blanks do not.
 * An address among the properties (a gift, an invitation) would merge two customers: it counts only where nothing else
 * says who it was, or where the settings ask for it.
 * @throws PayloadValidationError when none is left.
 */
export function identifiers(
  given: Readonly<Record<string, unknown>> | undefined,
  settings: IdentifierSettings,
  dropped: Dropped,
): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null || value === '' || key === propertyEmail) continue
    const name = nameOf(key, settings)
    if (name === undefined) continue
    const text = key === 'phone' ? phone(value) : identifierText(value)
    if (name === platformId) dropped(name, madeByPlatform)
    else if (text === undefined) dropped(name, reasonAgainst(key))
    else setOwn(result, name, text)
  }
  const email = identifierText(given?.[propertyEmail])
  const isAlone = Object.keys(result).length === 0
  if (email !== undefined && result.email === undefined && (isAlone || settings.identifyByPropertyEmail))
    result.email = email
  if (Object.keys(result).length === 0)
    throw new PayloadValidationError(
      'ODP needs to know who it was: a user ID, an anonymous ID or an email address.',
    )
  return result
}

function nameOf(key: string, settings: IdentifierSettings): string | undefined {
  if (key === 'user_id') return settings.userIdField || 'segment_user_id'
  if (key === 'anonymous_id') return settings.anonymousIdField || 'segment_anonymous_id'
  return key === 'phone' && !settings.identifyByPhone ? undefined : key
}

const reasonAgainst = (key: string): string =>
  key === 'phone'
    ? 'no number in the form of E.164, such as +15552108050'
    : 'an identifier is a text that is not blank'

/** Ids are text in ODP; a number becomes one. */
function identifierText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/**
 * A phone number in the form of E.164 (`+15552108050`), without the blanks, dots, dashes and brackets that people
 * write; undefined where the country is not said or the length is wrong.
 */
export function phone(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const digits = value.replace(/[\s().\-\u2010-\u2015/]/g, '').replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined
}
