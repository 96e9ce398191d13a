import type { InputField } from '@segment/actions-core'

/** The default of each field that has one: the mapping that a subscription starts with. */
export function defaultValues(
  fields: Readonly<Record<string, unknown>>,
): Record<string, InputField['default']> {
  const result: Record<string, InputField['default']> = {}
  for (const [key, field] of Object.entries(fields)) {
    const value = (field as InputField).default
    if (value !== undefined) result[key] = value
  }
  return result
}
