import type { RefreshAccessTokenResult } from '@segment/actions-core'

/** What `perform` gets as `auth`. */
export type AuthTokens = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly refreshTokenUrl?: string
}

type StoredTokens = {
  access_token?: string
  refresh_token?: string
  clientId?: string
  clientSecret?: string
  refresh_token_url?: string
}

const storedTokens = (settings: Readonly<Record<string, unknown>>): StoredTokens =>
  (settings.oauth ?? {}) as StoredTokens

/** The tokens of a connection's settings. Settings keep them under `oauth`, in snake case. */
export function getAuthData(settings: Readonly<Record<string, unknown>>): AuthTokens {
  const { access_token, refresh_token, refresh_token_url } = storedTokens(settings)
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    refreshTokenUrl: refresh_token_url,
  } as AuthTokens
}

/** The tokens and the client's credentials, as `refreshAccessToken` of a definition gets them. */
export function getOAuth2Data(settings: Readonly<Record<string, unknown>>) {
  const { access_token, refresh_token, clientId, clientSecret, refresh_token_url } = storedTokens(settings)
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    clientId,
    clientSecret,
    refreshTokenUrl: refresh_token_url,
  } as AuthTokens & { clientId: string; clientSecret: string }
}

/** The settings with new tokens in place of the old; the given ones stay as they are. */
export function withNewTokens(
  settings: Readonly<Record<string, unknown>>,
  tokens: RefreshAccessTokenResult,
): Record<string, unknown> {
  const { oauth, ...rest } = settings
  if (!oauth) return rest
  return {
    ...rest,
    oauth: {
      ...(oauth as object),
      access_token: tokens.accessToken,
      ...(tokens.refreshToken ? { refresh_token: tokens.refreshToken } : {}),
    },
  }
}
