import type { EmulatorAnswer } from 'waybill/testing'
import { type Call, showProfile, takeEvents, takeObjects, takeProfiles } from './handle-data'
import {
  createList,
  showLists,
  showSubscriptions,
  takeConsent,
  takeReachability,
  takeSubscriptions,
} from './handle-messaging'
import { createField, createIdentifier, showFields } from './handle-schema'

/** Which key a call asks for. `profiles`: as the account is set, since the vendor's pages do not agree. */
export type Needs = 'any' | 'private' | 'profiles'

export type Route = {
  readonly needs: Needs
  /** `parameter` is what stands in place of `*` in the path. */
  readonly run: (call: Call, parameter: string) => EmulatorAnswer
}

const routes: Readonly<Record<string, Route>> = {
  'POST /v3/events': { needs: 'any', run: takeEvents },
  'POST /v3/profiles': { needs: 'profiles', run: takeProfiles },
  'GET /v3/profiles': { needs: 'private', run: showProfile },
  'POST /v3/objects/*': { needs: 'any', run: takeObjects },
  'GET /v3/lists': { needs: 'any', run: showLists },
  'POST /v3/lists': { needs: 'private', run: createList },
  'GET /v3/lists/subscriptions': { needs: 'any', run: showSubscriptions },
  'POST /v3/lists/subscriptions': { needs: 'any', run: takeSubscriptions },
  'POST /v3/consent': { needs: 'any', run: takeConsent },
  'POST /v3/reachability': { needs: 'any', run: takeReachability },
  'GET /v3/schema/objects/*/fields': { needs: 'private', run: showFields },
  'POST /v3/schema/objects/*/fields': { needs: 'private', run: createField },
  'POST /v3/schema/identifiers': { needs: 'private', run: createIdentifier },
}

const patterns = Object.entries(routes).map(([name, route]) => ({
  pattern: new RegExp(`^${name.replace('*', '([^/]+)')}$`),
  route,
}))

/** The endpoint of a method and path, or undefined. */
export function findRoute(method: string, path: string): { route: Route; parameter: string } | undefined {
  for (const { pattern, route } of patterns) {
    const match = pattern.exec(`${method} ${path}`)
    if (match !== null) return { route, parameter: match[1] ?? '' }
  }
  return undefined
}
