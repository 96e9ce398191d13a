import { defineSettings } from 'waybill'
import { defaultEndpoint } from './api'

/** What a user types in once per connection. */
export const settings = defineSettings({
  apiKey: {
    label: 'API Key',
    description: 'The secret key of the account. Say where in the vendor it is found.',
    type: 'password',
    required: true,
  },
  endpoint: {
    label: 'Endpoint',
    description: 'Base address of the API. Change it for a proxy or a test.',
    type: 'string',
    format: 'uri',
    default: defaultEndpoint,
  },
})
