import type { RefreshAccessTokenResult } from '@segment/actions-core'

/** Shares one refresh among all who ask for the same credentials at the same time. */
export type SharedRefresh = (
  credentials: unknown,
  refresh: () => Promise<RefreshAccessTokenResult>,
) => Promise<RefreshAccessTokenResult>

/**
 * Creates a `SharedRefresh`. A refresh token is often good for one use, so two refreshes at once would lock the
 * connection out.
 */
export function createSharedRefresh(): SharedRefresh {
  const underWay = new Map<string, Promise<RefreshAccessTokenResult>>()
  return (credentials, refresh) => {
    const key = JSON.stringify(credentials)
    const known = underWay.get(key)
    if (known) return known
    const started = refresh().finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }
}
