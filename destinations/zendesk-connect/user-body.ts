import { PayloadValidationError } from 'waybill'
import { attributes } from './rules/attributes'
import { firstIdentifier, isEmail } from './rules/identifiers'
import { jsonValues } from './rules/json-values'
import { names } from './rules/names'
import { type DeviceContext, pushToken } from './rules/push-token'
import { timezone } from './rules/timezone'
import { findTrait, type Traits, text } from './rules/traits'

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
  const phones =
    text(findTrait(traits, 'phone')) === undefined ? firstOfList(findTrait(traits, 'phones')) : undefined
  const phone = text(findTrait(traits, 'phone')) ?? phones ?? text(findTrait(traits, 'phoneNumber'))
  const email = text(findTrait(traits, 'email')) ?? emailFromId(payload.user_id)
  const zone = chooseTimezone(findTrait(traits, 'timezone'), context.timezone, dropped)
  const free = jsonValues(attributes(traits, phones !== undefined, dropped), 'attributes', dropped)
  return {
    user_id: requireId(payload),
    ...names(traits),
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

const firstOfList = (value: unknown): string | undefined =>
  Array.isArray(value) ? text(value[0]) : undefined

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
