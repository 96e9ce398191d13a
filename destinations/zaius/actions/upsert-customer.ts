import { defineAction, path } from 'waybill'
import { deliver, deliverBatch } from '../deliver'
import { profileObject } from '../profile-object'
import { settings } from '../settings'
import { batchFields, identifierFields, messageFields } from '../shared-fields'

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
    ...messageFields,
    ...batchFields,
  },
  perform: (request, input) => deliver(request, '/profiles', input, profileObject),
  performBatch: (request, input) => deliverBatch(request, '/profiles', input, profileObject),
})
