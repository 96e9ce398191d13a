import type { RefreshAccessTokenResult } from '@segment/actions-core'

export type { AuthTokens } from '../../contract/auth-data'
export { getAuthData, getOAuth2Data } from '../../contract/auth-data'

type Settings = Record<string, unknown>

/**
 * Puts new tokens into settings. The `oauth` object is changed in place: callers hold on to it, and the next attempt
 * reads it.
 */
export function updateOAuthSettings<T extends Settings>(settings: T, tokens: RefreshAccessTokenResult): T {
  const { oauth, ...others } = settings
  if (!oauth) return others as T
  const stored = oauth as Settings
  stored.access_token = tokens.accessToken
  if (tokens.refreshToken) stored.refresh_token = tokens.refreshToken
  return { ...others, oauth: stored } as unknown as T
}
