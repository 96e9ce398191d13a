import { defineAction, defineFields, type FieldsOf } from 'waybill'
import { byKey, changeList, keyFieldOf, keyValueOf } from '../contacts'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { batchFields, fieldPicker, keyFields, listPicker, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  contact_list_id: {
    label: 'Contact list',
    description: 'The list of Emarsys.',
    type: 'integer',
    required: true,
    dynamic: true,
  },
  ...keyFields,
  ...messageFields,
  ...batchFields,
})

type Payload = FieldsOf<typeof fields>

const planOf = (verb: 'add' | 'delete'): Plan<Payload, { readonly key: string }> => ({
  bodyOf: (payload) => ({ key: keyValueOf(payload) }),
  groupOf: (payload, settings) => JSON.stringify([payload.contact_list_id, keyFieldOf(payload, settings)]),
  send: (connection, items) => {
    const { payload } = items[0] as (typeof items)[0]
    return byKey(
      items,
      (rows) =>
        changeList(
          connection,
          payload.contact_list_id,
          verb,
          keyFieldOf(payload, connection.settings),
          rows.map(({ key }) => key),
        ),
      (one) => one,
    )
  },
})

const addition = planOf('add')
const removal = planOf('delete')
const dynamicFields = { contact_list_id: listPicker, key_field: fieldPicker }

/** `POST contactlist/{id}/add` */
export const addToContactList = defineAction({
  settings,
  title: 'Add to Contact List',
  description: 'Put a contact on a list.',
  defaultSubscription: 'type = "track" and event = "Audience Entered"',
  fields,
  dynamicFields,
  perform: (request, input) => deliver(request, input, addition),
  performBatch: (request, input) => deliverBatch(request, input, addition),
})

/** `POST contactlist/{id}/delete`, which removes the contact from the list and nothing else. */
export const removeFromContactList = defineAction({
  settings,
  title: 'Remove from Contact List',
  description: 'Take a contact off a list.',
  defaultSubscription: 'type = "track" and event = "Audience Exited"',
  fields,
  dynamicFields,
  perform: (request, input) => deliver(request, input, removal),
  performBatch: (request, input) => deliverBatch(request, input, removal),
})
