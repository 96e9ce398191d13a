import type { DestinationDefinition, JSONObject } from '@segment/actions-core'
import { getAuthData } from '../../contract/auth-data'
import type { GivenHeaders } from '../../delivery/request/header-list'
import type { RequestOptions } from '../../delivery/request/request-options'
import { ConfigurationError, type Problem } from '../../errors'
import { compilePreparation, InvalidPayload } from '../../pipeline/prepare'
import { problemText } from './problems'
import { unsendable, unsendableHeaders } from './sendable-settings'

/** What of a destination concerns its settings. */
type SettingsOwner = Pick<DestinationDefinition, 'authentication' | 'extendRequest'>
type SettingFields = Readonly<Record<string, { readonly default?: unknown }>>

/**
 * Checks a connection's settings against the definition's fields: the defaults fill what is missing, values are
 * coerced as payloads are, and an unknown key is an error, since it is most likely a misspelling.
 * @throws ConfigurationError INVALID_SETTINGS. Its message names fields and types, never a value.
 */
export function openSettings(
  { authentication, extendRequest }: SettingsOwner,
  settings: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, unknown> {
  const { oauth: _tokens, ...given } = settings
  const fields = authentication?.fields
  const problems = unsendable(fields, given, path)
  const checked = fields === undefined ? given : checkValues(fields, given)
  if (fields !== undefined)
    for (const key of Object.keys(given))
      if (!Object.hasOwn(fields, key))
        problems.push(
          problemAt(
            `${path}.${key}`,
            `unknown setting; there are ${Object.keys(fields).join(', ') || 'none'}`,
          ),
        )
  if (checked instanceof InvalidPayload)
    for (const field of checked.fields) problems.push(problemAt(`${path}.${field.path}`, field.message))
  else if (problems.length === 0)
    problems.push(...unsendableHeaders(headersOf(extendRequest, settings, checked), checked, path))
  if (problems.length > 0 || checked instanceof InvalidPayload)
    throw new ConfigurationError('INVALID_SETTINGS', problems.map(problemText).join('\n'), { problems })
  return checked
}

/** The headers of every request, as far as they depend on the settings alone. */
function headersOf(
  extendRequest: SettingsOwner['extendRequest'],
  settings: Readonly<Record<string, unknown>>,
  checked: Record<string, unknown>,
): GivenHeaders | undefined {
  try {
    const input = { settings: checked, auth: getAuthData(settings), payload: {} }
    return (extendRequest as ((input: unknown) => RequestOptions | undefined) | undefined)?.(input)?.headers
  } catch {
    // It wants more than there is before there is an event.
    return undefined
  }
}

const problemAt = (path: string, message: string): Problem => ({ path, code: 'INVALID_SETTINGS', message })

/** Keys whose values belong to nobody's fields: what a user interface keeps for its own sign-in. */
const exemptKey = 'dynamicAuthSettings'

/** Values that a person typed in, checked against their fields; the defaults fill what is missing. */
export function checkValues(
  fields: SettingFields,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | InvalidPayload {
  const mapping: Record<string, unknown> = {}
  const filled: Record<string, unknown> = {}
  for (const [key, field] of [...Object.entries(fields), [exemptKey, {}] as const]) {
    mapping[key] = { '@path': `$.${key}` }
    const value = given[key] ?? field.default
    if (value !== undefined) filled[key] = value
  }
  return compilePreparation({ fields, mapping: mapping as JSONObject }).prepare(filled) as
    | Record<string, unknown>
    | InvalidPayload
}
