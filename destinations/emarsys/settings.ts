import { defineSettings, partnerEndpointSettings } from 'waybill'

/**
 * The catalog knows the key alone; its label and description are the catalog's. It is of the type whose value appears
 * in no log, error or dead letter. The rest is about this end.
 */
export const settings = defineSettings({
  apiKey: {
    label: 'API Key',
    description: 'Please consult your Emarsys account manager for your API Key.',
    type: 'password',
    required: true,
  },
  ...partnerEndpointSettings,
})
