import { secretsOf } from 'waybill'
import type { NamedSecret } from './credential-shapes'
import type { AnyDestination } from './harness-options'
import { type SampleField, sampleValue } from './sample-value'

const secret = (key: string): string => String(sampleValue(key, { type: 'password' }))

/** What the vendor's token endpoint gives when a token is renewed. */
export const renewedToken: NamedSecret = {
  name: 'renewed accessToken',
  value: secret('renewed access_token'),
}

/** Under `oauth`, as the framework stores it, with the names that a definition reads them by. */
const oauthNames: Readonly<Record<string, string>> = {
  access_token: 'accessToken',
  refresh_token: 'refreshToken',
  clientId: 'clientId',
  clientSecret: 'clientSecret',
}

/** The `oauth` settings of a destination that has them: tokens, and the client that renews them. */
export const sampleTokens = ({ authentication }: AnyDestination): Record<string, unknown> =>
  authentication?.scheme.startsWith('oauth')
    ? { oauth: Object.fromEntries(Object.keys(oauthNames).map((key) => [key, secret(key)])) }
    : {}

/** The secrets among the settings, each with the name that stands for it in prints. */
export function namedSecrets(
  fields: Readonly<Record<string, SampleField>> | undefined,
  settings: Readonly<Record<string, unknown>>,
): NamedSecret[] {
  const own = Object.entries(fields ?? {}).flatMap(([key, field]) =>
    secretsOf({ [key]: field }, { [key]: settings[key] }).map((value) => ({ name: key, value })),
  )
  const tokens = Object.entries((settings.oauth ?? {}) as Readonly<Record<string, unknown>>).flatMap(
    ([key, value]) => (typeof value === 'string' ? [{ name: oauthNames[key] ?? `oauth.${key}`, value }] : []),
  )
  return [...own, ...tokens]
}
