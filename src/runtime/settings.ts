import type { JSONObject } from '@segment/actions-core'
import { ConfigurationError } from '../errors'
import { compilePreparation, InvalidPayload } from '../pipeline/prepare'

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
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(fields, key))
  const problems = unknown.map(
    (key) => `${path}.${key}: unknown setting; there are ${Object.keys(fields).join(', ') || 'none'}`,
  )
  const checked = checkValues(fields, given)
  if (checked instanceof InvalidPayload)
    for (const field of checked.fields) problems.push(`${path}.${field.path}: ${field.message}`)
  if (problems.length > 0 || checked instanceof InvalidPayload)
    throw new ConfigurationError('INVALID_SETTINGS', problems.join('\n'))
  return checked
}

function checkValues(
  fields: SettingFields,
  given: Record<string, unknown>,
): Record<string, unknown> | InvalidPayload {
  const mapping: Record<string, unknown> = {}
  const filled: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields)) {
    mapping[key] = { '@path': `$.${key}` }
    const value = given[key] ?? field.default
    if (value !== undefined) filled[key] = value
  }
  return compilePreparation({ fields, mapping: mapping as JSONObject }).prepare(filled) as
    | Record<string, unknown>
    | InvalidPayload
}
