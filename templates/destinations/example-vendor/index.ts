import { defineDestination, InvalidAuthenticationError } from 'waybill'
import { recordEvent } from './actions/record-event'
import { address } from './api'
import { settings } from './settings'

/** Example Vendor: say in a sentence or two what it does, and which calls it takes. */
export const exampleVendor = defineDestination({
  name: 'Example Vendor',
  slug: 'example-vendor',
  description: 'Send events to Example Vendor.',
  settings,
  authentication: {
    scheme: 'custom',
    // The cheapest call that tells whether the key is known, and changes nothing.
    testAuthentication: async (request, { settings }) => {
      const { status } = await request(address(settings, '/v1/account'), { throwHttpErrors: false })
      if (status === 401 || status === 403)
        throw new InvalidAuthenticationError('Example Vendor does not know this API key.')
    },
  },
  // Redirects are not followed, since the key would travel along.
  extendRequest: ({ settings }) => ({
    headers: { Authorization: `Bearer ${settings.apiKey}` },
    redirect: 'manual',
  }),
  // A call whose Idempotency-Key the vendor has seen is not processed again.
  idempotent: true,
  presets: [
    {
      name: 'Record Event',
      type: 'automatic',
      partnerAction: 'recordEvent',
      subscribe: 'type = "track"',
    },
  ],
  actions: {
    recordEvent,
  },
})
