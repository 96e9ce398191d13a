import { defineSettings, type SettingsOf } from 'waybill'

/** What an account decides once. Administration > Integrations > Tag Generator > Advanced Options shows the key. */
export const settings = defineSettings({
  apiKey: {
    label: 'Tracking Identifier',
    description:
      'The Tracker ID of the account, also called public API key. A private API key works as well.',
    type: 'password',
    required: true,
  },
  privateKey: {
    label: 'Private API key',
    description:
      'For what an account may keep from the public key: customers, consent, reachability, deletions, the names of fields. Begins with the Tracking Identifier and a dot. Events go with the Tracking Identifier.',
    type: 'password',
  },
  region: {
    label: 'Region',
    description: 'Where the account lives. Leave it empty to go by the end of the key: -eu1, -au1, else US.',
    type: 'string',
    choices: [
      { value: 'us', label: 'United States' },
      { value: 'eu', label: 'Europe' },
      { value: 'apac', label: 'Asia-Pacific' },
    ],
  },
  endpoint: {
    label: 'Endpoint',
    description: "Base address of the API, instead of the region's. Change it for a proxy or a test.",
    type: 'string',
    format: 'uri',
  },
  userIdField: {
    label: 'Identifier for the user ID',
    description:
      'Name of the identifier in ODP that takes the Segment userId. The account must have it; ask for the Segment integration or create it under Identifiers.',
    type: 'string',
    default: 'segment_user_id',
  },
  anonymousIdField: {
    label: 'Identifier for the anonymous ID',
    description:
      'Name of the identifier in ODP that takes the Segment anonymousId. It should be one of low confidence, as cookies are.',
    type: 'string',
    default: 'segment_anonymous_id',
  },
  identifyByPhone: {
    label: 'Identify by phone',
    description:
      'Send the phone number as an identifier of events too, not only with customers. Off by default: people who share a number become one customer.',
    type: 'boolean',
    default: false,
  },
  identifyByPropertyEmail: {
    label: 'Identify by the email of properties',
    description:
      'Take the property email of any event as an identifier. Off: it identifies only on email events, and where nothing else does. On, an event with the address of somebody else, such as the recipient of a gift, makes one customer of two.',
    type: 'boolean',
    default: false,
  },
  fieldNames: {
    label: 'Names that no field can have',
    description:
      'What becomes of traits and properties whose names are not in lower snake case; ODP drops them without a word.',
    type: 'string',
    choices: [
      { value: 'note', label: 'Send them as they are, with a note in the report' },
      { value: 'convert', label: 'In lower snake case: companyName becomes company_name' },
    ],
    default: 'note',
  },
  upsertProducts: {
    label: 'Send products before orders',
    description:
      'Send the products of an order (name, brand, price and so on) to the catalog before the order itself, so that reports can name them.',
    type: 'boolean',
    default: false,
  },
  cartContents: {
    label: 'Send cart contents',
    description:
      'Send the products of cart and checkout events as cart_json and cart_param, for messages about abandoned carts. The account needs event fields of these names.',
    type: 'boolean',
    default: false,
  },
  complianceRequester: {
    label: 'Requester of deletions',
    description:
      'The email address that ODP notes as the one who asked for a deletion. Without one, deletions are not sent to ODP.',
    type: 'string',
    format: 'email',
  },
  customEventNames: {
    label: 'Names of custom events',
    description: 'How the name of an event that the Spec does not know becomes an event type.',
    type: 'string',
    choices: [
      { value: 'snake_case', label: 'In lower snake case: Trial Started becomes trial_started' },
      { value: 'unchanged', label: 'As it is' },
    ],
    default: 'snake_case',
  },
  spamReportAction: {
    label: 'Action of spam reports',
    description:
      'The documentation of today has spam_report; accounts from the time of Zaius may know spamreport.',
    type: 'string',
    choices: [
      { value: 'spam_report', label: 'spam_report' },
      { value: 'spamreport', label: 'spamreport' },
    ],
    default: 'spam_report',
  },
  hardBounceAction: {
    label: 'Action of hard bounces',
    description: 'The action of an email event that could not be delivered for good.',
    type: 'string',
    default: 'hard_bounce',
  },
  clearWithNull: {
    label: 'Clear with null',
    description:
      'Send null for a trait that is null or blank, which clears the field of the customer. Off: such traits are left out and the field keeps its value.',
    type: 'boolean',
    default: false,
  },
  truncateText: {
    label: 'Cut long texts',
    description:
      'Cut texts to the 1,024 characters that a field holds. Off: they are sent whole, and ODP decides.',
    type: 'boolean',
    default: false,
  },
})

/** The settings of a connection. */
export type ZaiusSettings = SettingsOf<typeof settings>
