import type { BodyContext } from './deliver'
import { customerFields } from './rules/customer-fields'
import { identifiers } from './rules/identifiers'

type ProfilePayload = {
  identifiers?: Readonly<Record<string, unknown>>
  traits?: Readonly<Record<string, unknown>>
}

/**
 * One object of `POST /v3/profiles`: fields and identifiers in one map, where identifiers win.
 * @throws PayloadValidationError without an identifier.
 */
export function profileObject({ identifiers: given, traits = {} }: ProfilePayload, context: BodyContext) {
  const { settings, dropped } = context
  const known = identifiers(given, settings, dropped)
  return { attributes: { ...customerFields(traits, settings, dropped), ...known } }
}
