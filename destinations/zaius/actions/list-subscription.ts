import { defineAction, defineFields, type FieldsOf, firstOf, path } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { batchFields, identifierFields, messageFields } from '../fields'
import { identifiers } from '../identifiers'
import { listChoices } from '../schema'
import { settings } from '../settings'
import { allLists } from '../vocabulary'

const fields = defineFields({
  email: {
    label: 'Email address',
    description: 'Whose subscription changes.',
    type: 'string',
    default: firstOf('$.context.traits.email', '$.properties.email'),
  },
  list_id: {
    label: 'List ID',
    description: 'Id of the list in ODP. Without one, all lists: the consent as a whole.',
    type: 'string',
    dynamic: true,
    default: path('$.properties.list_id'),
  },
  subscribed: {
    label: 'Subscribed',
    description: 'True puts the address on the list, false takes it off.',
    type: 'boolean',
    required: true,
    default: false,
  },
  identifiers: {
    ...identifierFields.identifiers,
    description: 'Say who it is where there is no email address.',
  },
  ...messageFields,
  ...batchFields,
})

const subscriptionBody = (payload: FieldsOf<typeof fields>, { settings, dropped }: ObjectContext) => {
  const { email, list_id = allLists, subscribed } = payload
  return { list_id, ...(email ? { email } : identifiers(payload.identifiers, settings, dropped)), subscribed }
}

/** `POST /v3/lists/subscriptions`: ODP makes the `list` event of it by itself. */
export const listSubscription = defineAction({
  settings,
  title: 'Change List Subscription',
  description: 'Put an email address on a list, or take it off, so that ODP stops sending.',
  defaultSubscription: 'type = "track" and event = "Unsubscribed"',
  fields,
  dynamicFields: { list_id: listChoices },
  perform: (request, input) => deliver(request, '/lists/subscriptions', input, subscriptionBody),
  performBatch: (request, input) => deliverBatch(request, '/lists/subscriptions', input, subscriptionBody),
})
