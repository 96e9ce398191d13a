import { defineAction, defineFields, type FieldsOf, firstOf, path, readTime } from 'waybill'
import { deliver, deliverBatch } from '../api'
import { batchFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  identifier_name: {
    label: 'Identifier',
    description: 'The messaging identifier that the consent is about: email, phone, or one of your account.',
    type: 'string',
    required: true,
    default: 'email',
  },
  identifier_value: {
    label: 'Address',
    description: 'The address or number.',
    type: 'string',
    required: true,
    default: firstOf('$.context.traits.email', '$.traits.email', '$.properties.email'),
  },
  consent: {
    label: 'Consent',
    description: 'True: agrees to be written to. False: does not any more.',
    type: 'boolean',
    required: true,
    default: false,
  },
  reason: {
    label: 'Reason',
    description: 'Why it changed, for people.',
    type: 'string',
    default: path('$.properties.reason'),
  },
  timestamp: {
    label: 'Timestamp',
    description: 'When it changed.',
    type: 'datetime',
    default: path('$.timestamp'),
  },
  ...messageFields,
  ...batchFields,
})

/** ODP wants the time in whole seconds. */
function consentBody({
  identifier_name,
  identifier_value,
  consent,
  reason,
  timestamp,
}: FieldsOf<typeof fields>) {
  const time = readTime(timestamp)
  return {
    identifier_field_name: identifier_name,
    identifier_value,
    consent,
    ...(reason ? { consent_update_reason: reason } : {}),
    ...(time === undefined ? {} : { consent_update_ts: Math.floor(time.getTime() / 1000) }),
  }
}

/** `POST /v3/consent`: whether an address may be written to at all. No preset uses it. */
export const consent = defineAction({
  settings,
  title: 'Update Consent',
  description: 'Say whether an email address or phone number may get marketing messages at all.',
  defaultSubscription: 'type = "track" and event = "Unsubscribed"',
  fields,
  perform: (request, input) => deliver(request, '/consent', input, consentBody),
  performBatch: (request, input) => deliverBatch(request, '/consent', input, consentBody),
})
