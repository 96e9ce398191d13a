import { defineSettings } from 'waybill'

/** Settings > Environments in Zendesk Connect shows both keys; each environment (development, production) has its own. */
export const settings = defineSettings({
  apiKey: {
    label: 'Private Key',
    description:
      'The private key of the environment, 32 characters from 0 to 9 and a to f. Decides to which environment events go.',
    type: 'password',
    required: true,
  },
  publicApiKey: {
    label: 'Public Key',
    description:
      'The public key of the environment. Only browser scripts use it; events are sent with the private key.',
    type: 'string',
  },
  endpoint: {
    label: 'Endpoint',
    description: 'Base address of the API. Change it for a proxy or a test.',
    type: 'string',
    format: 'uri',
    default: 'https://api.outbound.io',
  },
  androidTokenKey: {
    label: 'Android token field',
    description:
      'Under which name Android push tokens are sent: fcm, or gcm for accounts that still use the older one.',
    type: 'string',
    choices: [
      { value: 'fcm', label: 'fcm' },
      { value: 'gcm', label: 'gcm' },
    ],
    default: 'fcm',
  },
  sendDeviceTokens: {
    label: 'Send device tokens',
    description:
      'Send the push token with each identify, which also makes a disabled token active again. Turn it off when you register and disable tokens yourself.',
    type: 'boolean',
    default: true,
  },
  trackReferrer: {
    label: 'Track referrer',
    description: 'Keep the referrer among the properties of page events.',
    type: 'boolean',
    default: false,
  },
})
