/** The six calls of the Segment Spec. */
export const eventTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type EventType = (typeof eventTypes)[number]

/** `client`: short names, which browsers and phones use; the address of the request is then the person's. */
export type Side = 'client' | 'server'

/** What a path and method ask for. */
export type Route =
  | { readonly kind: 'event'; readonly type: EventType; readonly side: Side }
  | { readonly kind: 'batch'; readonly side: Side }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'settings'; readonly writeKey: string }

/** A path of ours, with the methods that it takes; `route` is absent when the request's is none of them. */
export type Place = { readonly allow: string; readonly route?: Route }

const routes = new Map<string, Route>([
  ...eventTypes.flatMap((type): [string, Route][] => [
    [`/v1/${type}`, { kind: 'event', type, side: 'server' }],
    [`/v1/${type[0]}`, { kind: 'event', type, side: 'client' }],
  ]),
  ['/v1/batch', { kind: 'batch', side: 'server' }],
  ['/v1/import', { kind: 'batch', side: 'server' }],
  ['/v1/b', { kind: 'batch', side: 'client' }],
  ['/v1/m', { kind: 'metrics' }],
])

const settingsPath = /^\/v1\/projects\/([^/]+)\/settings$/

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Finds what a request is for; nothing for a path that is not of the Tracking API. */
export function findRoute(method: string, path: string): Place | undefined {
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  const route = routes.get(plain)
  if (route !== undefined)
    return method === 'POST' ? { allow: 'POST, OPTIONS', route } : { allow: 'POST, OPTIONS' }
  const writeKey = settingsPath.exec(plain)?.[1]
  if (writeKey === undefined) return undefined
  const allow = 'GET, OPTIONS'
  return method === 'GET' ? { allow, route: { kind: 'settings', writeKey: decode(writeKey) } } : { allow }
}
