import { PayloadValidationError } from 'waybill'
import { type DeviceContext, pushToken } from './push-token'
import { timezone } from './rules/timezone'
import { findTrait, scalarText, type Traits, text, traitName } from './traits'
import { firstIdentifier, isEmail, jsonValues } from './values'

type Dropped = (field: string, reason: string) => void

export type IdentifyPayload = {
  user_id?: string
  anonymous_id?: string
  traits?: Traits
  context?: Readonly<Record<string, unknown>>
}

export type TokenSettings = { androidTokenKey?: 'fcm' | 'gcm'; sendDeviceTokens?: boolean }

/**
 * The user object of `POST /v2/identify`. Contact data goes to the top level, everything else under `attributes`.
 * @throws PayloadValidationError without any id.
 */
export function userBody(payload: IdentifyPayload, settings: TokenSettings, dropped: Dropped) {
  const traits = payload.traits ?? {}
  const context = (payload.context ?? {}) as DeviceContext & { timezone?: unknown }
  const kept = new Set<string>()
  const contact = (name: string): string | undefined => contactText(traits, name, kept, dropped)
  const phones = findTrait(traits, 'phones')
  const ownPhone = contact('phone')
  const phone = ownPhone ?? firstScalar(phones) ?? contact('phoneNumber')
  const email = contact('email') ?? emailFromId(payload.user_id)
  const known = names(traits, contact('firstName'), contact('lastName'))
  const zone = chooseTimezone(findTrait(traits, 'timezone'), context.timezone, dropped)
  // More numbers than the one that was used are kept.
  const usedPhones =
    ownPhone === undefined && Array.isArray(phones) && phones.length === 1 && phone !== undefined
  const free = jsonValues(attributes(traits, usedPhones, kept, dropped), 'attributes', dropped)
  return {
    user_id: requireId(payload),
    ...known,
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone_number: phone }),
    ...(zone === undefined ? {} : { timezone: zone }),
    ...tokenField(context, settings, dropped),
    ...(Object.keys(free).length === 0 ? {} : { attributes: free }),
  }
}

/** @throws PayloadValidationError when neither id is there. */
export function requireId(payload: { user_id?: string; anonymous_id?: string }): string {
  const id = firstIdentifier(payload.user_id, payload.anonymous_id)
  if (id === undefined) throw new PayloadValidationError('A user ID or an anonymous ID is required.')
  return id
}

/**
 * A trait of contact data as text. A number becomes one, of a list the first that can; what is more, or is something
 * else, stays among the attributes, with a word.
 */
function contactText(traits: Traits, name: string, kept: Set<string>, dropped: Dropped): string | undefined {
  const value = findTrait(traits, name)
  const found = firstScalar(value)
  const isWhole = !Array.isArray(value) || value.length <= 1
  if (isNothing(value) || (found !== undefined && isWhole)) return found
  kept.add(traitName(name))
  dropped(
    name,
    found === undefined ? notText : 'only the first of the list; all of it is among the attributes',
  )
  return found
}

const notText = 'neither a text nor a number; it is among the attributes'

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

const firstScalar = (value: unknown): string | undefined =>
  Array.isArray(value) ? value.map(scalarText).find((item) => item !== undefined) : scalarText(value)

const emailFromId = (userId: string | undefined): string | undefined =>
  userId !== undefined && isEmail(userId) ? userId : undefined

/** The trait goes first; a zone that Connect would refuse is left out and the reason recorded, never the message. */
function chooseTimezone(trait: unknown, fromContext: unknown, dropped: Dropped): string | undefined {
  for (const candidate of [trait, fromContext]) {
    if (candidate === undefined || candidate === null) continue
    const zone = timezone(candidate)
    if ('name' in zone) return zone.name
    dropped('timezone', zone.reason)
  }
  return undefined
}

function tokenField(
  context: DeviceContext,
  settings: TokenSettings,
  dropped: Dropped,
): Record<string, string[]> {
  if (settings.sendDeviceTokens === false) return {}
  const found = pushToken(context)
  if (found === undefined) return {}
  if ('reason' in found) {
    dropped('device.token', found.reason)
    return {}
  }
  return { [found.platform === 'ios' ? 'apns' : (settings.androidTokenKey ?? 'fcm')]: [found.token] }
}

type Names = { readonly first_name?: string; readonly last_name?: string }

/**
 * First and last name, decided separately: the trait of that name, else the first word of `name` and the rest of it
 * ("Ludwig van Beethoven" gives "van Beethoven"). One word gives no last name.
 */
function names(traits: Traits, firstName: string | undefined, lastName: string | undefined): Names {
  const [firstWord, ...rest] = (text(findTrait(traits, 'name')) ?? '').split(/\s+/)
  const first = firstName ?? text(firstWord)
  const last = lastName ?? text(rest.join(' '))
  return {
    ...(first === undefined ? {} : { first_name: first }),
    ...(last === undefined ? {} : { last_name: last }),
  }
}

/** Traits that travel at the top level of the request; the classic integration removes them from the attributes too. */
const atTopLevel = new Set(
  ['id', 'userId', 'anonymousId', 'firstName', 'lastName', 'email', 'phone', 'phoneNumber', 'timezone'].map(
    traitName,
  ),
)

/** Names that Connect reserves: as traits they would look like the real thing without being it. */
const reserved = new Set(['apns', 'gcm', 'fcm', 'previousId', 'groupId', 'groupAttributes'].map(traitName))

/** The free-form attributes: every trait that has no place at the top level. Only top-level names are looked at. */
function attributes(
  traits: Traits,
  usedPhones: boolean,
  kept: ReadonlySet<string>,
  dropped: (field: string, reason: string) => void,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(traits)) {
    const name = traitName(key)
    if ((atTopLevel.has(name) && !kept.has(name)) || (usedPhones && name === 'phones')) continue
    if (reserved.has(name)) dropped(`attributes.${key}`, 'the name is reserved by Zendesk Connect')
    else result[key] = value
  }
  return result
}
