import { defineSettings, type SettingsOf } from 'waybill'

/** Management > Security Settings > API Credentials in Emarsys makes both kinds of credentials. */
export const settings = defineSettings({
  authType: {
    label: 'Authentication',
    description: 'OpenID Connect, or WSSE, which Emarsys ends on 2026-12-31.',
    type: 'string',
    choices: [
      { value: 'oidc', label: 'OpenID Connect' },
      { value: 'wsse', label: 'WSSE' },
    ],
    default: 'oidc',
  },
  clientId: { label: 'Client ID', description: 'Of the OpenID Connect credentials.', type: 'string' },
  clientSecret: {
    label: 'Client secret',
    description:
      'Shown once, when the credentials are made. They may do nothing until endpoints are switched on.',
    type: 'password',
  },
  tokenUrl: {
    label: 'Token address',
    description: 'Tenants of SAP Cloud Identity have one of their own.',
    type: 'string',
    format: 'uri',
    default: 'https://auth.emarsys.net/oauth2/token',
  },
  tokenFile: {
    label: 'Token file',
    description:
      'Where the access token is kept for other processes, if no store does it; the file belongs to its owner alone. Emarsys gives 2 tokens a minute and 10 an hour.',
    type: 'string',
  },
  apiUser: {
    label: 'API user',
    description: 'For WSSE: the account name with a number behind it.',
    type: 'string',
  },
  apiPassword: { label: 'API secret', description: 'For WSSE.', type: 'password' },
  baseUrl: {
    label: 'Base address',
    description: 'Instead of the address of the region. Change it for a proxy or a test.',
    type: 'string',
    format: 'uri',
  },
  region: {
    label: 'Region',
    description: 'Where the account lives. All regions share one address today.',
    type: 'string',
    choices: [{ value: 'global', label: 'Global: api.emarsys.net' }],
    default: 'global',
  },
  keyField: {
    label: 'Key field',
    description:
      'Id of the field by which contacts are found: 3 is the email address. Two contacts may share an address and then neither is found (2010); an indexed field of your own, with your user ID, is better.',
    type: 'string',
    default: '3',
  },
  emptyValues: {
    label: 'Empty values',
    description: 'What null and empty text do to a field of the contact.',
    type: 'string',
    choices: [
      { value: 'skip', label: 'Nothing: the field keeps its value' },
      { value: 'clear', label: 'They clear it' },
    ],
    default: 'skip',
  },
  noProgram: {
    label: 'Events without a program',
    description: 'What it means that an external event is attached to nothing (5005).',
    type: 'string',
    choices: [
      { value: 'error', label: 'An error of the configuration' },
      { value: 'success', label: 'Delivered, with a note' },
    ],
    default: 'error',
  },
})

export type EmarsysSettings = SettingsOf<typeof settings>
