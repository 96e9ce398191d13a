import type { Scene } from './scene'

const pushOf = ({ mail }: Scene) => ({
  campaign: {
    medium: 'Push',
    source: 'Fernhollow Messenger',
    name: mail.campaignName,
    content: mail.subject,
  },
})

const linkOf = (url: string) => () => ({ provider: 'Example Links', url })

/** Life cycle and campaign events of the Native Mobile Spec: properties of each. */
export const mobileEvents = {
  /** The application was opened for the first time. */
  'Application Installed': ({ app }: Scene) => ({ version: app.version, build: app.build }),

  /** The application was started or brought to the front. */
  'Application Opened': ({ app, random }: Scene) => ({
    from_background: random.chance(0.5),
    version: app.version,
    build: app.build,
    url: 'fernhollow://home',
    referring_application: 'com.example.mail',
  }),

  /** The application went to the background. */
  'Application Backgrounded': () => ({}),

  /** A new version was started for the first time. */
  'Application Updated': ({ app }: Scene) => ({
    previous_version: app.previousVersion,
    previous_build: app.previousBuild,
    version: app.version,
    build: app.build,
  }),

  /** The application was removed, as a push provider found out. */
  'Application Uninstalled': () => ({}),

  /** The application crashed. */
  'Application Crashed': () => ({}),

  /** An attribution provider says where an installation came from. */
  'Install Attributed': ({ mail }: Scene) => ({
    provider: 'Example Attribution',
    campaign: {
      source: 'Example Ads',
      name: mail.campaignName,
      medium: 'cpc',
      content: mail.subject,
      ad_creative: 'Green planter, morning light',
      ad_group: 'Balconies',
    },
  }),

  /** A push notification arrived. */
  'Push Notification Received': pushOf,

  /** A push notification was tapped. */
  'Push Notification Tapped': (scene: Scene) => ({ action: 'Open', ...pushOf(scene) }),

  /** A push notification could not be delivered. */
  'Push Notification Bounced': (scene: Scene) => ({ action: 'Open', ...pushOf(scene) }),

  /** The application was opened by a deep link. */
  'Deep Link Opened': linkOf('fernhollow://garden/cedar-planter'),

  /** A deep link was followed, before the application opened. */
  'Deep Link Clicked': linkOf('https://links.example.com/cedar'),
}
