import type { JSONObject, OAuth2ClientCredentials, RefreshAccessTokenResult } from '@segment/actions-core'
import { type AuthTokens, getAuthData, getOAuth2Data } from '../../../contract/auth-data'
import { ErrorCodes } from '../../../contract/error-codes'
import { IntegrationError, InvalidAuthenticationError } from '../../../contract/errors'
import { updateOAuthSettings } from '../../destination-kit/parse-settings'
import { retry } from '../retry'
import { BaseDestination } from './base-destination'
import type { OnEventOptions } from './on-event-options'
import { statusOf } from './shapes'
import { createSharedRefresh } from './token-refresh'

const maxAttempts = 2

/** A destination with its credentials: tests them, and renews tokens that were refused. */
export class AuthenticatedDestination<Settings = JSONObject> extends BaseDestination<Settings> {
  readonly #shareRefresh = createSharedRefresh()

  /** Whether refused tokens can be renewed. */
  protected get hasTokens(): boolean {
    const scheme = this.authentication?.scheme
    return scheme === 'oauth2' || scheme === 'oauth-managed'
  }

  /** Checks settings, then asks the destination. Throws `Credentials are invalid: <status> <message>`. */
  async testAuthentication(settings: Settings): Promise<void> {
    const declared = this.getDestinationSettings(settings as JSONObject)
    const auth = getAuthData(settings as JSONObject)
    this.validateSettings(declared)
    const test = this.authentication?.testAuthentication
    if (!test) return
    const request = this.requestClient({ settings: declared, payload: undefined, auth })
    try {
      await this.authentication?.testAuthentication?.(request as never, { settings: declared, auth })
    } catch (error) {
      const { response, message } = error as Error & { response?: { status?: number } }
      // A plain error, since callers of the reference tell it by its message alone.
      throw new Error(`Credentials are invalid: ${response?.status ?? ''} ${message}`)
    }
  }

  /** New tokens from the definition; undefined when it cannot renew them. */
  async refreshAccessToken(
    settings: Settings,
    oauthData: OAuth2ClientCredentials,
    synchronizeRefreshAccessToken?: () => Promise<void>,
  ): Promise<RefreshAccessTokenResult | undefined> {
    const { authentication } = this
    if (authentication?.scheme !== 'oauth2' && authentication?.scheme !== 'oauth-managed') {
      const message = 'refreshAccessToken is only valid with oauth2 authentication scheme'
      throw new IntegrationError(message, 'NotImplemented', 501)
    }
    const auth = getAuthData(settings as JSONObject)
    const request = this.requestClient({ settings, payload: undefined, auth })
    if (!authentication.refreshAccessToken) return undefined
    await synchronizeRefreshAccessToken?.()
    return authentication.refreshAccessToken(request as never, { settings, auth: oauthData })
  }

  /** Renews tokens after a 401 and gives the settings to go on with; throws any other error again. */
  async handleError(error: unknown, settings: JSONObject, options?: OnEventOptions): Promise<JSONObject> {
    if ((statusOf(error) ?? 500) !== 401 || !this.hasTokens) throw error
    return this.handleAuthError(settings, options)
  }

  /** Renews tokens, tells the caller, and gives the settings with the new tokens. */
  async handleAuthError(settings: JSONObject, options?: OnEventOptions): Promise<JSONObject> {
    const tokens = await this.refreshTokenAndGetNewToken(settings, options)
    await options?.onTokenRefresh?.(tokens)
    return updateOAuthSettings(settings, tokens)
  }

  /** Renews tokens: one call at a time for the same credentials. Throws when there are no new ones. */
  async refreshTokenAndGetNewToken(
    settings: JSONObject,
    options?: OnEventOptions,
  ): Promise<RefreshAccessTokenResult> {
    const declared = this.getDestinationSettings(settings)
    const oauthData = getOAuth2Data(settings)
    return this.#shareRefresh([declared, oauthData], async () => {
      const tokens = await this.refreshAccessToken(
        declared,
        oauthData,
        options?.synchronizeRefreshAccessToken,
      )
      if (tokens) return tokens
      throw new InvalidAuthenticationError('Failed to refresh access token', ErrorCodes.OAUTH_REFRESH_FAILED)
    })
  }

  /** Runs, and once more with new tokens when the first attempt met a 401. */
  protected withNewTokens<T>(
    given: JSONObject,
    options: OnEventOptions | undefined,
    run: (auth: AuthTokens) => Promise<T>,
  ): Promise<T> {
    let settings = given
    // As the reference does, tokens are renewed after the last attempt too.
    return retry(() => run(getAuthData(settings)), {
      retries: maxAttempts,
      onFailedAttempt: async (error) => {
        settings = await this.handleError(error, settings, options)
      },
    })
  }
}
