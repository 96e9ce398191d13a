import type { JSONObject } from '@segment/actions-core'
import { ConfigurationError, type Problem } from '../../errors'
import { compilePreparation, InvalidPayload } from '../../pipeline/prepare'
import { problemText } from './problems'

type SettingFields = Readonly<Record<string, { readonly default?: unknown }>>

/**
 * Checks a connection's settings against the definition's fields: the defaults fill what is missing, values are
 * coerced as payloads are, and an unknown key is an error, since it is most likely a misspelling.
 * @throws ConfigurationError INVALID_SETTINGS. Its message names fields and types, never a value.
 */
export function openSettings(
  fields: SettingFields | undefined,
  settings: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, unknown> {
  const { oauth: _tokens, ...given } = settings
  if (fields === undefined) return given
  const problems = Object.keys(given)
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) =>
      problemAt(`${path}.${key}`, `unknown setting; there are ${Object.keys(fields).join(', ') || 'none'}`),
    )
  const checked = checkValues(fields, given)
  if (checked instanceof InvalidPayload)
    for (const field of checked.fields) problems.push(problemAt(`${path}.${field.path}`, field.message))
  if (problems.length > 0 || checked instanceof InvalidPayload)
    throw new ConfigurationError('INVALID_SETTINGS', problems.map(problemText).join('\n'), { problems })
  return checked
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
