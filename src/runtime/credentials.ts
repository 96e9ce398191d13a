import type { DestinationDefinition, RefreshAccessTokenResult, RequestFn } from '@segment/actions-core'
import { type AuthTokens, getAuthData, getOAuth2Data, withNewTokens } from '../actions-core/auth-data'

/** The tokens of a connection, and how they are renewed. */
export type Credentials = {
  readonly auth: AuthTokens
  /** Whether a refusal can be answered by new tokens. */
  readonly canRefresh: boolean
  /**
   * Renews the tokens: one call at a time, which everyone who asks meanwhile shares. `refused` is the access token
   * that was refused: if it has been replaced already, nothing is done. False when there are no new tokens.
   */
  refresh(refused: string | undefined): Promise<boolean>
}

type Request = Parameters<RequestFn<unknown, unknown>>[0]

/** Opens the credentials of a connection's settings. */
export function openCredentials(options: {
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  readonly destination: DestinationDefinition<any>
  readonly settings: Readonly<Record<string, unknown>>
  readonly visibleSettings: Readonly<Record<string, unknown>>
  /** A request client that carries the destination's extension. */
  readonly requestFor: (auth: AuthTokens) => unknown
  readonly onRefresh: (tokens: RefreshAccessTokenResult) => void | Promise<void>
}): Credentials {
  const { authentication } = options.destination
  let settings = options.settings
  let auth = getAuthData(settings)
  let underWay: Promise<boolean> | undefined
  const renew =
    authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed'
      ? authentication.refreshAccessToken
      : undefined

  const refreshOnce = async (): Promise<boolean> => {
    const tokens = await renew?.(options.requestFor(auth) as Request, {
      settings: options.visibleSettings,
      auth: getOAuth2Data(settings),
    })
    if (!tokens) return false
    settings = withNewTokens(settings, tokens)
    auth = getAuthData(settings)
    await options.onRefresh(tokens)
    return true
  }

  return {
    get auth() {
      return auth
    },
    canRefresh: renew !== undefined,
    refresh(refused) {
      if (refused !== auth.accessToken) return Promise.resolve(true)
      underWay ??= refreshOnce().finally(() => {
        underWay = undefined
      })
      return underWay
    },
  }
}
