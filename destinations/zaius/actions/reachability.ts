import { defineAction, defineFields, type FieldsOf, firstOf, path, readTime } from 'waybill'
import { deliver, deliverBatch } from '../api'
import { batchFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  email: {
    label: 'Email address',
    description: 'The address that the message went to.',
    type: 'string',
    required: true,
    default: firstOf('$.context.traits.email', '$.properties.email'),
  },
  reachable: {
    label: 'Reachable',
    description: 'Whether messages arrive.',
    type: 'boolean',
    required: true,
    default: false,
  },
  update_type: {
    label: 'Reason',
    description: 'Why the address cannot be reached.',
    type: 'string',
    choices: [
      'hard_bounce',
      'soft_bounce',
      'spam_report',
      'uninstall',
      'invalid_identifier',
      'returned_to_sender',
      'unknown',
      'expired',
      'other',
    ],
    default: 'hard_bounce',
  },
  timestamp: {
    label: 'Timestamp',
    description: 'When it was found out.',
    type: 'datetime',
    default: path('$.timestamp'),
  },
  ...messageFields,
  ...batchFields,
})

/** ODP wants the reason exactly when the address cannot be reached, and the time in whole seconds. */
function reachabilityBody({ email, reachable, update_type, timestamp }: FieldsOf<typeof fields>) {
  const time = readTime(timestamp)
  return {
    identifier_field_name: 'email',
    identifier_value: email,
    reachable,
    ...(reachable ? {} : { reachable_update_type: update_type ?? 'unknown' }),
    ...(time === undefined ? {} : { reachable_update_ts: Math.floor(time.getTime() / 1000) }),
  }
}

/** `POST /v3/reachability`: the one thing that makes ODP stop sending to a bad address. No preset uses it. */
export const reachability = defineAction({
  settings,
  title: 'Update Reachability',
  description: 'Say that an email address cannot be reached any more, so that ODP stops sending to it.',
  defaultSubscription: 'type = "track" and event = "Email Bounced"',
  fields,
  perform: (request, input) => deliver(request, '/reachability', input, reachabilityBody),
  performBatch: (request, input) => deliverBatch(request, '/reachability', input, reachabilityBody),
})
