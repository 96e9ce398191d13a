import type { BodyContext } from './event-object'
import { customerFields, type TraitSettings } from './rules/customer-fields'
import { type IdentifierSettings, identifiers } from './rules/identifiers'

export type ProfilePayload = {
  identifiers?: Readonly<Record<string, unknown>>
  traits?: Readonly<Record<string, unknown>>
  message_id?: string
}

/**
 * One object of `POST /v3/profiles`: fields and identifiers in one map, where identifiers win.
 * @throws PayloadValidationError without an identifier.
 */
export function profileObject(
  payload: ProfilePayload,
  { settings, dropped }: BodyContext<IdentifierSettings & TraitSettings>,
) {
  const known = identifiers(payload.identifiers, settings, dropped)
  return { attributes: { ...customerFields(payload.traits ?? {}, settings, dropped), ...known } }
}
