import type { EmulatorAnswer } from 'waybill/testing'
import { type Call, showProfile, takeEvents, takeObjects, takeProfiles } from './handle-data'
import {
  showCompliance,
  showConsent,
  showMetadata,
  showReachability,
  takeCompliance,
  takeMetadata,
  takeOptOut,
} from './handle-identifiers'
import {
  createList,
  renameList,
  showLists,
  showSubscriptions,
  takeConsent,
  takeReachability,
  takeSubscriptions,
} from './handle-messaging'
import {
  createField,
  createIdentifier,
  createObject,
  createRelation,
  enableModule,
  showField,
  showFields,
  showModules,
  showObject,
  showObjects,
  showRelation,
  showRelations,
} from './handle-schema'

/** Which key a call asks for. `profiles`: as the account is set, since the vendor's pages do not agree. */
export type Needs = 'any' | 'private' | 'profiles'

export type Route = {
  readonly needs: Needs
  /** Parameters are what stands in place of each `*` in the path. */
  readonly run: (call: Call, ...parameters: string[]) => EmulatorAnswer
}

const routes: Readonly<Record<string, Route>> = {
  'POST /v3/events': { needs: 'any', run: takeEvents },
  'POST /v3/profiles': { needs: 'profiles', run: takeProfiles },
  'GET /v3/profiles': { needs: 'private', run: showProfile },
  'POST /v3/objects/*': { needs: 'any', run: takeObjects },
  'GET /v3/lists': { needs: 'any', run: showLists },
  'POST /v3/lists': { needs: 'private', run: createList },
  'PUT /v3/lists/*': { needs: 'private', run: renameList },
  'GET /v3/lists/subscriptions': { needs: 'any', run: showSubscriptions },
  'POST /v3/lists/subscriptions': { needs: 'any', run: takeSubscriptions },
  'POST /v3/consent': { needs: 'any', run: takeConsent },
  'GET /v3/consent/*': { needs: 'private', run: showConsent },
  'POST /v3/reachability': { needs: 'any', run: takeReachability },
  'GET /v3/reachability/*': { needs: 'private', run: showReachability },
  'POST /v3/identifiers': { needs: 'any', run: takeMetadata },
  'GET /v3/identifiers/*': { needs: 'private', run: showMetadata },
  'POST /v3/compliance/*/*': { needs: 'private', run: takeCompliance },
  'GET /v3/compliance/*/status/*': { needs: 'private', run: showCompliance },
  'POST /v3/optout': { needs: 'any', run: takeOptOut },
  'GET /v3/schema/objects': { needs: 'private', run: showObjects },
  'POST /v3/schema/objects': { needs: 'private', run: createObject },
  'GET /v3/schema/objects/*': { needs: 'private', run: showObject },
  'GET /v3/schema/objects/*/fields': { needs: 'private', run: showFields },
  'POST /v3/schema/objects/*/fields': { needs: 'private', run: createField },
  'GET /v3/schema/objects/*/fields/*': { needs: 'private', run: showField },
  'GET /v3/schema/objects/*/relations': { needs: 'private', run: showRelations },
  'POST /v3/schema/objects/*/relations': { needs: 'private', run: createRelation },
  'GET /v3/schema/objects/*/relations/*': { needs: 'private', run: showRelation },
  'POST /v3/schema/identifiers': { needs: 'private', run: createIdentifier },
  'GET /v3/schema/modules': { needs: 'private', run: showModules },
  'POST /v3/schema/modules': { needs: 'private', run: enableModule },
}

const patterns = Object.entries(routes).map(([name, route]) => ({
  pattern: new RegExp(`^${name.replaceAll('*', '([^/]+)')}$`),
  route,
}))

/** The endpoint of a method and path, or undefined. */
export function findRoute(method: string, path: string): { route: Route; parameters: string[] } | undefined {
  for (const { pattern, route } of patterns) {
    const match = pattern.exec(`${method} ${path}`)
    if (match !== null) return { route, parameters: match.slice(1).map(decoded) }
  }
  return undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
