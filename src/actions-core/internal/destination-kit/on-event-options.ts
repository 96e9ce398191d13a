import type { RefreshAccessTokenResult, SubscriptionStats } from '@segment/actions-core'
import type { ExecuteContext } from './bundle'

/** What callers may add to an event: contexts for the action, and listeners. */
export type OnEventOptions = Omit<ExecuteContext, 'settings' | 'auth' | 'subscriptionMetadata'> & {
  /** New tokens, to be stored. */
  readonly onTokenRefresh?: (tokens: RefreshAccessTokenResult) => Promise<void>
  /** What became of a subscription. Secrets in the settings are hidden. */
  readonly onComplete?: (stats: SubscriptionStats) => void
  /** Called before tokens are renewed: takes a lock across processes. */
  readonly synchronizeRefreshAccessToken?: () => Promise<void>
}
