import type { JSONObject } from '@segment/actions-core'

const mask = '***'

/** Settings for observers: the values of passwords and of dynamic credentials are hidden. */
export function maskedSettings(
  settings: JSONObject,
  fields: Readonly<Record<string, { readonly type?: string }>> | undefined,
): JSONObject {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const isSecret = fields?.[key]?.type === 'password' || key === 'dynamicAuthSettings'
      return [key, isSecret && value !== undefined ? mask : value]
    }),
  ) as JSONObject
}
