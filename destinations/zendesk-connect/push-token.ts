import { text } from './traits'

/** What `context` says about the device. */
export type DeviceContext = {
  readonly device?: { readonly token?: unknown; readonly type?: unknown; readonly manufacturer?: unknown }
  readonly os?: { readonly name?: unknown }
  readonly library?: { readonly name?: unknown }
}

export type PushPlatform = 'ios' | 'android'
export type PushToken =
  | { readonly platform: PushPlatform; readonly token: string }
  | { readonly reason: string }
  | undefined

const iosTypes = new Set(['ios', 'iphone', 'ipad', 'ipados', 'apple'])
const lower = (value: unknown): string => text(value)?.toLowerCase() ?? ''

/**
 * The push token of an event and its platform; undefined when there is none, a reason when it cannot be used. The
 * first evidence decides: device type, operating system, library, manufacturer. The form of a token tells nothing.
 */
export function pushToken(context: DeviceContext | undefined): PushToken {
  const given = context?.device?.token
  if (given === undefined || given === null) return undefined
  const token = text(given)
  if (token === undefined) return { reason: 'the device token is not a text, or blank' }
  const platform = platformOf(context)
  if (platform === undefined) return { reason: 'push platform unknown: neither iOS nor Android' }
  return { platform, token }
}

function platformOf(context: DeviceContext | undefined): PushPlatform | undefined {
  const type = lower(context?.device?.type)
  if (type !== '') return iosTypes.has(type) ? 'ios' : type === 'android' ? 'android' : undefined
  const system = lower(context?.os?.name)
  if (/\bios\b|iphone os|ipados/.test(system)) return 'ios'
  if (system.includes('android')) return 'android'
  const library = lower(context?.library?.name)
  if (/ios|swift/.test(library)) return 'ios'
  if (/android|kotlin/.test(library)) return 'android'
  return lower(context?.device?.manufacturer) === 'apple' ? 'ios' : undefined
}
