import { type Region, regionOf } from './rules/region'
import type { ZaiusSettings } from './settings'

/** Most objects in a request: the vendor takes 500, its own clients send no more than 100. */
export const maxBatch = 100

const hosts: Readonly<Record<Region, string>> = {
  us: 'https://api.zaius.com',
  eu: 'https://api.eu1.odp.optimizely.com',
  apac: 'https://api.au1.odp.optimizely.com',
}

export type ConnectionSettings = Pick<ZaiusSettings, 'apiKey' | 'region' | 'endpoint'>

/** The endpoints that take lists of objects. */
export type ApiPath = '/events' | '/profiles' | '/objects/orders' | '/lists/subscriptions' | '/reachability'

/** The address of a path of the API, version 3. */
export function address(settings: ConnectionSettings, path: ApiPath | '/lists'): string {
  const base = settings.endpoint || hosts[settings.region || regionOf(settings.apiKey)]
  return `${base.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3${path}`
}

/** What tells ODP which account is meant. */
export const keyHeader = ({ apiKey }: ConnectionSettings) => ({ 'x-api-key': apiKey.trim() })
