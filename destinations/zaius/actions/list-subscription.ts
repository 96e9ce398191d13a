import { defineAction, defineFields, type FieldsOf, path } from 'waybill'
import { deliver, deliverBatch } from '../deliver'
import { firstPresent } from '../first-present'
import { settings } from '../settings'
import { batchFields, messageFields } from '../shared-fields'
import { allLists } from '../vocabulary'

const fields = defineFields({
  email: {
    label: 'Email address',
    description: 'Whose subscription changes.',
    type: 'string',
    required: true,
    default: firstPresent('$.context.traits.email', '$.properties.email'),
  },
  list_id: {
    label: 'List ID',
    description: 'Id of the list in ODP. Without one, all lists: the consent as a whole.',
    type: 'string',
    default: path('$.properties.list_id'),
  },
  subscribed: {
    label: 'Subscribed',
    description: 'True puts the address on the list, false takes it off.',
    type: 'boolean',
    required: true,
    default: false,
  },
  ...messageFields,
  ...batchFields,
})

const subscriptionBody = ({ email, list_id = allLists, subscribed }: FieldsOf<typeof fields>) => ({
  list_id,
  email,
  subscribed,
})

/** `POST /v3/lists/subscriptions`: ODP makes the `list` event of it by itself. No preset uses it. */
export const listSubscription = defineAction({
  settings,
  title: 'Change List Subscription',
  description: 'Put an email address on a list, or take it off, so that ODP stops sending.',
  defaultSubscription: 'type = "track" and event = "Unsubscribed"',
  fields,
  perform: (request, input) => deliver(request, '/lists/subscriptions', input, subscriptionBody),
  performBatch: (request, input) => deliverBatch(request, '/lists/subscriptions', input, subscriptionBody),
})
