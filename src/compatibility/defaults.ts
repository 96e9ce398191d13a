import type { InputField } from '@segment/actions-core'

/** The default of each field that has one: the mapping that a subscription starts with. */
export function defaultValues(fields: Record<string, InputField>): Record<string, InputField['default']> {
  const result: Record<string, InputField['default']> = {}
  for (const [key, field] of Object.entries(fields))
    if (field.default !== undefined) result[key] = field.default
  return result
}
