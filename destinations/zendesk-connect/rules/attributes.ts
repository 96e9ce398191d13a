import { type Traits, traitName } from './traits'

/** Traits that travel at the top level of the request; the classic integration removes them from the attributes too. */
const atTopLevel = new Set(
  ['id', 'userId', 'anonymousId', 'firstName', 'lastName', 'email', 'phone', 'phoneNumber', 'timezone'].map(
    traitName,
  ),
)

/** Names that Connect reserves: as traits they would look like the real thing without being it. */
const reserved = new Set(['apns', 'gcm', 'fcm', 'previousId', 'groupId', 'groupAttributes'].map(traitName))

/** The free-form attributes: every trait that has no place at the top level. Only top-level names are looked at. */
export function attributes(
  traits: Traits,
  usedPhones: boolean,
  dropped: (field: string, reason: string) => void,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(traits)) {
    const name = traitName(key)
    if (atTopLevel.has(name) || (usedPhones && name === 'phones')) continue
    if (reserved.has(name)) dropped(`attributes.${key}`, 'the name is reserved by Zendesk Connect')
    else result[key] = value
  }
  return result
}
