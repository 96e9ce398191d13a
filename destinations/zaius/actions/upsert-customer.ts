import { defineAction, path } from 'waybill'
import { deliver, deliverBatch } from '../api'
import { profileObject } from '../customer'
import { batchFields, identifierFields, messageFields } from '../fields'
import { fieldChoices } from '../schema'
import { settings } from '../settings'

/** `POST /v3/profiles`: creates or updates a customer. */
export const upsertCustomer = defineAction({
  settings,
  title: 'Upsert Customer',
  description:
    'Create or update a customer with the traits of a person. Audiences and computed traits of Engage arrive as traits and become fields of the same name.',
  defaultSubscription: 'type = "identify"',
  fields: {
    ...identifierFields,
    traits: {
      label: 'Traits',
      description:
        'Names, address, avatar, birthday, gender and phone become the standard fields of ODP; every other trait goes under its own name. ODP drops a trait for which the account has no customer field of exactly that name, and keeps the rest.',
      type: 'object',
      default: path('$.traits'),
    },
    fields: {
      label: 'Fields',
      description: 'Values for customer fields of ODP. They go before traits of the same name.',
      type: 'object',
      defaultObjectUI: 'keyvalue',
      dynamic: true,
    },
    ...messageFields,
    ...batchFields,
  },
  dynamicFields: {
    fields: { __keys__: fieldChoices('customers') },
    identifiers: { __keys__: fieldChoices('customers') },
  },
  perform: (request, input) => deliver(request, '/profiles', input, profileObject),
  performBatch: (request, input) => deliverBatch(request, '/profiles', input, profileObject),
})
