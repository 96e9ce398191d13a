import type { ZaiusSettings } from '../settings'

export type Region = NonNullable<ZaiusSettings['region']>

/** The region of a key, by the end of its public part; a private key is the public one, a dot and the secret. */
export function regionOf(apiKey: string): Region {
  const key = apiKey.trim()
  const dot = key.lastIndexOf('.')
  const publicPart = dot === -1 ? key : key.slice(0, dot)
  if (publicPart.endsWith('-eu1')) return 'eu'
  return publicPart.endsWith('-au1') ? 'apac' : 'us'
}
