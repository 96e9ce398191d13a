import { defineAction, defineFields, type FieldsOf } from 'waybill'
import { byKey, deleteContacts, keyFieldOf, keyValueOf } from '../contacts'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { batchFields, fieldPicker, keyFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({ ...keyFields, ...messageFields, ...batchFields })

type Payload = FieldsOf<typeof fields>

const plan: Plan<Payload, { readonly key: string }> = {
  bodyOf: (payload) => ({ key: keyValueOf(payload) }),
  groupOf: (payload, settings) => keyFieldOf(payload, settings),
  send: (connection, items) => {
    const field = keyFieldOf((items[0] as (typeof items)[0]).payload, connection.settings)
    return byKey(
      items,
      (rows) =>
        deleteContacts(
          connection,
          field,
          rows.map(({ key }) => key),
        ),
      (one) => one,
    )
  },
}

/** `POST contact/delete`: for good. Contacts whose key value is not unique are left alone. */
export const deleteContact = defineAction({
  settings,
  title: 'Delete Contact',
  description: 'Delete a contact for good.',
  defaultSubscription: 'type = "track" and event = "Contact Deleted"',
  fields,
  dynamicFields: { key_field: fieldPicker },
  perform: (request, input) => deliver(request, input, plan),
  performBatch: (request, input) => deliverBatch(request, input, plan),
})
