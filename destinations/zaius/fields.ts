import { defineFields, firstOf, path } from 'waybill'
import { propertyEmail } from './identifiers'
import { fieldChoices } from './schema'

const email = firstOf('$.traits.email', '$.context.traits.email')
const phone = firstOf('$.traits.phone', '$.context.traits.phone', '$.properties.phone')

/** Who the event is about. */
export const identifierFields = defineFields({
  identifiers: {
    label: 'Identifiers',
    description:
      'Everything by which ODP may know the person; send all you have, for that is how anonymous activity becomes that of a customer. user_id and anonymous_id go under the names in the settings, the others as identifiers of the same name: email, a vuid made by the ODP web tag, or one that your account defines. phone only counts if the settings say so.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
    dynamic: true,
    default: {
      user_id: path('$.userId'),
      anonymous_id: path('$.anonymousId'),
      email,
      phone,
    },
  },
  further_identifiers: {
    label: 'Further identifiers',
    description:
      'What else may say who it is. vuid is made by the web tag of ODP, fs_user_id by Feature Experimentation. property_email counts only where there is no other identifier, or if the settings say so: it may be the address of somebody else.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
    default: {
      vuid: path('$.integrations.Zaius.vuid'),
      fs_user_id: path('$.integrations.Zaius.fs_user_id'),
      [propertyEmail]: path('$.properties.email'),
    },
  },
})

/** What happened, beyond type and action. */
export const eventFields = defineFields({
  properties: {
    label: 'Properties',
    description:
      'Sent under their own names: texts, numbers and booleans. ODP keeps those for which the account has an event field of exactly that name and drops the others without a word. Lists and nested objects are left out.',
    type: 'object',
    default: path('$.properties'),
  },
  excluded_properties: {
    label: 'Excluded properties',
    description: 'Names of properties that are not sent.',
    type: 'string',
    multiple: true,
  },
  fields: {
    label: 'Fields',
    description: 'Values for event fields of ODP. They go before properties of the same name.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
    dynamic: true,
  },
  context: {
    label: 'Context',
    description:
      'Where and how it happened. Properties of the same name go before. Of hostname only the host is sent.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
    default: {
      page: path('$.context.page.path'),
      title: path('$.context.page.title'),
      hostname: path('$.context.page.url'),
      referrer: firstOf('$.context.referrer.url', '$.context.page.referrer'),
      search_term: firstOf('$.properties.query', '$.context.page.search'),
      campaign: path('$.context.campaign.name'),
      source: path('$.context.campaign.source'),
      medium: path('$.context.campaign.medium'),
      keywords: path('$.context.campaign.term'),
      content: path('$.context.campaign.content'),
      ip: path('$.context.ip'),
      ua: firstOf('$.context.user_agent', '$.context.userAgent'),
      language: path('$.context.locale'),
      timezone: path('$.context.timezone'),
    },
  },
  timestamp: {
    label: 'Timestamp',
    description: 'When it happened. Without it, ODP takes the time of receipt.',
    type: 'datetime',
    default: path('$.timestamp'),
  },
})

/** Pickers for actions that send events: the names of the account's own fields. */
export const eventPickers = {
  fields: { __keys__: fieldChoices('events') },
  identifiers: { __keys__: fieldChoices('customers') },
}

/** By what a repetition can be recognized. */
export const messageFields = defineFields({
  message_id: {
    label: 'Message ID',
    description: 'Sent as idempotence_id, unless the runtime has a key of its own for the event.',
    type: 'string',
    default: path('$.messageId'),
  },
})

/** Whether events travel together. */
export const batchFields = defineFields({
  enable_batching: {
    label: 'Send in batches',
    description: 'Send up to 100 at a time. ODP takes 10 requests a second for customers, so leave it on.',
    type: 'boolean',
    default: true,
  },
  batch_size: {
    label: 'Batch size',
    description: 'Most events in a request.',
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 100,
    unsafe_hidden: true,
  },
  batch_bytes: {
    label: 'Batch bytes',
    description: 'Most bytes in a request. ODP publishes no limit; about one megabyte is safe.',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    default: 1_000_000,
    unsafe_hidden: true,
  },
})
