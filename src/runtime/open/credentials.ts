import type { DestinationDefinition, RefreshAccessTokenResult, RequestFn } from '@segment/actions-core'
import { type AuthTokens, getAuthData, getOAuth2Data, withNewTokens } from '../../contract/auth-data'
import { verdictOnError } from '../../delivery/perform'
import type { Verdict } from '../../outcome'
import { type ActionDeadlines, withinDeadline } from '../dispatch/action-deadline'

/** What came of asking for new tokens; `reason`: why there are none. */
export type Renewal = { readonly isRenewed: true } | { readonly isRenewed: false; readonly reason: string }

/** The tokens of a connection, and the one way in which they are renewed. */
export type Credentials = {
  readonly auth: AuthTokens
  /** Whether a refusal can be answered by new tokens. */
  readonly canRenew: boolean
  /**
   * Renews the tokens: one call at a time, which everyone who asks meanwhile shares. `refused` is the access token
   * that was refused: if it has been replaced already, nothing is done. Never rejects.
   */
  renew(refused: string | undefined): Promise<Renewal>
  /**
   * Makes a call; where its result says that the token is refused, once more with a new one. `reason` says why there was
   * none.
   */
  withFreshToken<Result>(
    call: () => Promise<Result>,
    isRefused: (result: Result) => boolean,
  ): Promise<{ readonly result: Result; readonly reason?: string }>
}

type Request = Parameters<RequestFn<unknown, unknown>>[0]

/** Opens the credentials of a connection's settings. */
export function openCredentials(options: {
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  readonly destination: DestinationDefinition<any>
  readonly settings: Readonly<Record<string, unknown>>
  readonly visibleSettings: Readonly<Record<string, unknown>>
  readonly deadlines: ActionDeadlines
  /** A request client that carries the destination's extension. */
  readonly requestFor: (auth: AuthTokens, signal: AbortSignal) => unknown
  /** Asked before a renewal; tokens that it gives are taken instead. */
  readonly synchronize?: (() => Promise<RefreshAccessTokenResult | undefined>) | undefined
  readonly onRefresh: (tokens: RefreshAccessTokenResult) => void | Promise<void>
  /** `onRefresh` failed; the tokens are good all the same. */
  readonly onRefreshFault: (error: unknown) => void
  /** Told of new tokens at once, whoever renewed them. */
  readonly onTokens: (tokens: RefreshAccessTokenResult) => void
}): Credentials {
  const { authentication } = options.destination
  let settings = options.settings
  let auth = getAuthData(settings)
  let underWay: Promise<Renewal> | undefined
  const refresh =
    authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed'
      ? authentication.refreshAccessToken
      : undefined

  const take = (tokens: RefreshAccessTokenResult): void => {
    // A client-credentials connection may have no tokens before the first renewal.
    settings = withNewTokens({ ...settings, oauth: settings.oauth ?? {} }, tokens)
    auth = getAuthData(settings)
    options.onTokens(tokens)
  }

  const renewOnce = async (): Promise<Renewal> => {
    const { deadlines, synchronize, requestFor, onRefresh, onRefreshFault } = options
    const known = synchronize && (await withinDeadline(deadlines, synchronize))
    if (known) {
      take(known)
      return renewed
    }
    const tokens = await withinDeadline(deadlines, (signal) =>
      refresh?.(requestFor(auth, signal) as Request, {
        settings: options.visibleSettings,
        auth: getOAuth2Data(settings),
      }),
    )
    if (!tokens) return { isRenewed: false, reason: 'the destination gave no new tokens' }
    take(tokens)
    await withinDeadline(deadlines, () => onRefresh(tokens)).catch(onRefreshFault)
    return renewed
  }
  const renew = (refused: string | undefined): Promise<Renewal> => {
    if (refused !== auth.accessToken) return Promise.resolve(renewed)
    underWay ??= renewOnce()
      .catch((error: unknown): Renewal => ({ isRenewed: false, reason: reasonOf(error) }))
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }

  return {
    get auth() {
      return auth
    },
    canRenew: refresh !== undefined,
    renew,
    async withFreshToken(call, isRefused) {
      const { accessToken } = auth
      const result = await call()
      if (refresh === undefined || !isRefused(result)) return { result }
      const renewal = await renew(accessToken)
      return renewal.isRenewed ? { result: await call() } : { result, reason: renewal.reason }
    },
  }
}

const renewed: Renewal = { isRenewed: true }

/** A refusal that new tokens were to meet, with why there are none. */
export function withoutNewTokens(verdict: Verdict, reason: string): Verdict {
  if (verdict.kind !== 'blocked') return verdict
  return { ...verdict, message: `${verdict.message}; the tokens could not be renewed: ${reason}` }
}

function reasonOf(error: unknown): string {
  const { message, vendorCode } = verdictOnError(error, undefined, 0) as {
    message?: string
    vendorCode?: string
  }
  return [message, vendorCode].filter((part) => part !== undefined).join(': ')
}
