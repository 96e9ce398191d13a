import {
  classifyPartnerAnswer,
  defineDestination,
  partnerAddress,
  partnerHeaders,
  postDeletion,
} from 'waybill'
import { send } from './actions/send'
import { settings } from './settings'

/**
 * Emarsys: the segment.com add-on of the Emarsys Marketing Platform, maintained by Emarsys. It keeps a users table of
 * anonymousId, userId and primarykey, maps data to fields of contacts, and starts programs by rules over sequences of
 * events; all of that is configured in Emarsys. This end sends every page, screen, identify and track call unchanged,
 * audiences and computed traits of Engage among them.
 */
export const emarsys = defineDestination({
  name: 'Emarsys',
  slug: 'emarsys',
  description:
    'Send every page, screen, identify and track call to the segment.com add-on of Emarsys. Maintained by Emarsys: help@support.emarsys.com.',
  settings,
  authentication: {
    scheme: 'custom',
    // The add-on has no call that only checks the key, and a message would leave a trace in the users table.
    testAuthentication: async (_request, { settings }) => {
      partnerHeaders(settings)
      partnerAddress(settings.endpoint)
    },
  },
  // Each message updates the users table, so those of one person arrive in their order.
  ordering: 'user',
  // Segment itself repeats what got no answer; partners recognize a message by its messageId.
  idempotent: true,
  classify: classifyPartnerAnswer,
  // Emarsys is not on Segment's list of destinations that get deletions, hence only on request.
  onDelete: (request, { payload, settings }) =>
    settings.sendDeletes ? postDeletion(request, settings, payload.userId) : undefined,
  presets: [
    {
      name: 'Identify, Track, Page and Screen calls',
      type: 'automatic',
      partnerAction: 'send',
      subscribe: 'type = "identify" or type = "track" or type = "page" or type = "screen"',
    },
  ],
  actions: { send },
})
