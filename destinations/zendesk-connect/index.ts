import { defineDestination, InvalidAuthenticationError } from 'waybill'
import { aliasUser } from './actions/alias-user'
import { subscribe, unsubscribe } from './actions/campaign-subscriptions'
import { groupUser } from './actions/group-user'
import { identifyUser } from './actions/identify-user'
import { disableToken, registerToken } from './actions/push-tokens'
import { trackEvent } from './actions/track-event'
import { trackPage } from './actions/track-page'
import { trackScreen } from './actions/track-screen'
import { address, clientName, post } from './api'
import { settings } from './settings'

/**
 * Zendesk Connect, formerly Outbound: messages to users by e-mail, text message and push, triggered by events. The
 * vendor ended the service in 2021. As in the vendor's catalog, identify, track and alias are on; group, page and
 * screen are there as actions without a preset.
 */
export const zendeskConnect = defineDestination({
  name: 'Zendesk Connect',
  slug: 'zendesk-connect',
  description: 'Send users and events to Zendesk Connect (formerly Outbound).',
  settings,
  authentication: {
    scheme: 'custom',
    // The API has nothing to read. It checks the key before the body, so an empty identify changes nothing and tells.
    testAuthentication: async (request, { settings }) => {
      if (!/^[a-f0-9]{32}$/.test(settings.apiKey))
        throw new InvalidAuthenticationError(
          'The Private Key has 32 characters from 0 to 9 and a to f; copy it from Settings > Environments, not the Public Key.',
        )
      const { status } = await request(address(settings, '/v2/identify'), {
        ...post({}, undefined),
        throwHttpErrors: false,
      })
      if (status === 401 || status === 403)
        throw new InvalidAuthenticationError('Zendesk Connect does not know this Private Key.')
    },
  },
  // Redirects are not followed, since the key would travel along.
  extendRequest: ({ settings }) => ({
    headers: { 'X-Outbound-Key': settings.apiKey, 'X-Outbound-Client': clientName },
    redirect: 'manual',
  }),
  // An alias must not overtake what was recorded under the old id.
  ordering: 'user',
  // Connect drops a call whose X-Outbound-GUID it has processed before.
  idempotent: true,
  integrationNames: ['Outbound'],
  presets: [
    {
      name: 'Identify User',
      type: 'automatic',
      partnerAction: 'identifyUser',
      subscribe: 'type = "identify"',
    },
    { name: 'Track Event', type: 'automatic', partnerAction: 'trackEvent', subscribe: 'type = "track"' },
    { name: 'Alias User', type: 'automatic', partnerAction: 'aliasUser', subscribe: 'type = "alias"' },
  ],
  actions: {
    identifyUser,
    trackEvent,
    aliasUser,
    groupUser,
    trackPage,
    trackScreen,
    registerToken,
    disableToken,
    subscribe,
    unsubscribe,
  },
})
