import type { DestinationDefinition, RefreshAccessTokenResult, RequestFn } from '@segment/actions-core'
import { type AuthTokens, getAuthData, getOAuth2Data, withNewTokens } from '../../contract/auth-data'
import { verdictOnError } from '../../delivery/perform'
import type { Verdict } from '../../outcome'

/** The tokens of a connection, and how they are renewed. */
export type Credentials = {
  readonly auth: AuthTokens
  /** Whether a refusal can be answered by new tokens. */
  readonly canRefresh: boolean
  /**
   * Renews the tokens: one call at a time, which everyone who asks meanwhile shares. `refused` is the access token
   * that was refused: if it has been replaced already, nothing is done. False when there are no new tokens; rejects
   * with what the renewal failed with.
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
  /** Asked before a renewal; tokens that it gives are taken instead. */
  readonly synchronize?: (() => Promise<RefreshAccessTokenResult | undefined>) | undefined
  readonly onRefresh: (tokens: RefreshAccessTokenResult) => void | Promise<void>
  /** Told of new tokens at once, whoever renewed them. */
  readonly onTokens: (tokens: RefreshAccessTokenResult) => void
}): Credentials {
  const { authentication } = options.destination
  let settings = options.settings
  let auth = getAuthData(settings)
  let underWay: Promise<boolean> | undefined
  const renew =
    authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed'
      ? authentication.refreshAccessToken
      : undefined

  const take = (tokens: RefreshAccessTokenResult): void => {
    // A client-credentials connection may have no tokens before the first renewal.
    settings = withNewTokens({ ...settings, oauth: settings.oauth ?? {} }, tokens)
    auth = getAuthData(settings)
    options.onTokens(tokens)
  }

  const refreshOnce = async (): Promise<boolean> => {
    const known = await options.synchronize?.()
    if (known) {
      take(known)
      return true
    }
    const tokens = await renew?.(options.requestFor(auth) as Request, {
      settings: options.visibleSettings,
      auth: getOAuth2Data(settings),
    })
    if (!tokens) return false
    take(tokens)
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

/** A refusal that new tokens were to answer, with why there are none. */
export function withoutNewTokens(verdict: Verdict, error: unknown): Verdict {
  if (verdict.kind !== 'blocked') return verdict
  const reason =
    error === undefined
      ? 'the destination gave no new tokens'
      : verdictMessage(verdictOnError(error, undefined, 0))
  return { ...verdict, message: `${verdict.message}; the tokens could not be renewed: ${reason}` }
}

const verdictMessage = (verdict: Verdict): string =>
  [(verdict as { message?: string }).message, (verdict as { vendorCode?: string }).vendorCode]
    .filter((part) => part !== undefined)
    .join(': ')
