import type { Person } from './person'
import type { Random } from './random'
import type { Scene } from './scene'

/** Where a call comes from: a browser, a telephone, or a server. */
export type Platform = 'web' | 'ios' | 'android' | 'server'

/** All platforms, to test a destination with each of them. */
export const platforms = ['web', 'ios', 'android', 'server'] as const satisfies readonly Platform[]

/** The parts of a device that stay the same from call to call. */
export type Device = {
  readonly platform: Platform
  readonly id: string
  readonly advertisingId: string
  /** Push token: 64 hexadecimal digits on iOS, 152 characters on Android. */
  readonly token: string
}

const tokenOf = (platform: Platform, random: Random) =>
  platform === 'android' ? `${random.hex(11)}:APA91b${random.hex(134)}` : random.hex(64)

/** Makes up a device for a platform. */
export function createDevice(platform: Platform, random: Random): Device {
  const id = random.uuid()
  const advertisingId = random.uuid()
  const token = tokenOf(platform, random)
  return platform === 'ios'
    ? { platform, id: id.toUpperCase(), advertisingId: advertisingId.toUpperCase(), token }
    : { platform, id, advertisingId, token }
}

const chrome =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'

const about = (person: Person) => ({ ip: person.ip, locale: person.locale, timezone: person.timezone })

/** The page that a visitor is on, as Analytics.js describes it. */
export const pageOf = ({ product }: Scene) => {
  const { pathname } = new URL(product.url)
  return {
    path: pathname,
    referrer: 'https://search.example.net/',
    search: '',
    title: `${product.name} · Fernhollow`,
    url: product.url,
  }
}

const webContext = (scene: Scene) => ({
  library: { name: 'analytics.js', version: 'next-1.76.1' },
  page: pageOf(scene),
  userAgent: chrome,
  campaign: { name: scene.mail.campaignName, source: 'newsletter', medium: 'email' },
  ...about(scene.person),
})

const appOf = ({ app }: Scene) => ({
  name: 'Fernhollow',
  version: app.version,
  build: app.build,
  namespace: 'com.example.fernhollow',
})

const deviceOf = (device: Device) => ({
  id: device.id,
  advertisingId: device.advertisingId,
  adTrackingEnabled: true,
  token: device.token,
})

const iosContext = (scene: Scene, device: Device) => ({
  library: { name: 'analytics-ios', version: '4.1.8' },
  app: appOf(scene),
  device: { ...deviceOf(device), manufacturer: 'Apple', model: 'iPhone14,5', name: 'iPhone', type: 'ios' },
  os: { name: 'iOS', version: '18.1' },
  network: { carrier: 'Example Mobile', cellular: true, wifi: false },
  screen: { width: 390, height: 844 },
  ...about(scene.person),
})

const androidContext = (scene: Scene, device: Device) => ({
  library: { name: 'analytics-android', version: '4.11.3' },
  app: appOf(scene),
  device: { ...deviceOf(device), manufacturer: 'Google', model: 'Pixel 8', name: 'shiba', type: 'android' },
  os: { name: 'Android', version: '15' },
  network: { bluetooth: false, carrier: 'Example Mobile', cellular: false, wifi: true },
  screen: { width: 1080, height: 2400, density: 2.625 },
  userAgent: 'Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/AP4A.250105.002)',
  ...about(scene.person),
})

const serverContext = () => ({ library: { name: '@segment/analytics-node', version: '2.2.0' } })

const channels = { web: 'browser', ios: 'mobile', android: 'mobile', server: 'server' } as const

/** The channel that a platform's calls carry. */
export const channelOf = (platform: Platform) => channels[platform]

/**
 * The `context` that Segment's library for a platform sends by itself: Analytics.js the page and browser, the
 * mobile libraries application, device and network, a server library nothing but its own name.
 */
export function createContext(device: Device, scene: Scene): Record<string, unknown> {
  if (device.platform === 'web') return webContext(scene)
  if (device.platform === 'ios') return iosContext(scene, device)
  if (device.platform === 'android') return androidContext(scene, device)
  return serverContext()
}
