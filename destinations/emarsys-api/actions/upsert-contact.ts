import { defineAction, defineFields, type FieldsOf, path } from 'waybill'
import { byKey, type ContactRow, keyFieldOf, keyValueOf, upsertContacts } from '../contacts'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { batchFields, choicePicker, fieldPicker, keyFields, listPicker, messageFields } from '../fields'
import { settings } from '../settings'
import { type ChoicesByField, fieldValues } from '../values'

const fields = defineFields({
  ...keyFields,
  fields: {
    label: 'Fields',
    description:
      'Ids of fields and their values. Only what is here is written. For choices: the id of the choice, or several as a list, which replaces all that were chosen. Opt-in (31) also takes true and false.',
    type: 'object',
    defaultObjectUI: 'keyvalue',
    dynamic: true,
    default: {
      '1': path('$.traits.firstName'),
      '2': path('$.traits.lastName'),
    },
  },
  choices: {
    label: 'Choices',
    description:
      'For fields with choices: by the id of the field, from values of the event to ids of choices, such as {"5001": {"true": 1, "false": 2}}.',
    type: 'object',
  },
  contact_list_id: {
    label: 'Contact list',
    description: 'A list to which the contact is added as well.',
    type: 'integer',
    dynamic: true,
  },
  ...messageFields,
  ...batchFields,
})

type Payload = FieldsOf<typeof fields>

const plan: Plan<Payload, ContactRow> = {
  bodyOf: (payload, { settings, dropped }) => ({
    key: keyValueOf(payload),
    fields: fieldValues(payload.fields ?? {}, payload.choices as ChoicesByField, settings, dropped),
  }),
  groupOf: (payload, settings) => JSON.stringify([keyFieldOf(payload, settings), payload.contact_list_id]),
  send: (connection, items) => {
    const { payload } = items[0] as (typeof items)[0]
    return byKey(
      items,
      (rows) =>
        upsertContacts(connection, keyFieldOf(payload, connection.settings), rows, payload.contact_list_id),
      (one, other) => ({ key: one.key, fields: { ...one.fields, ...other.fields } }),
    )
  },
}

/** `PUT contact`: creates or updates a contact. */
export const upsertContact = defineAction({
  settings,
  title: 'Upsert Contact',
  description: 'Create or update a contact with values of the event.',
  defaultSubscription: 'type = "identify"',
  fields,
  dynamicFields: {
    key_field: fieldPicker,
    fields: { __keys__: fieldPicker, __values__: choicePicker },
    contact_list_id: listPicker,
  },
  perform: (request, input) => deliver(request, input, plan),
  performBatch: (request, input) => deliverBatch(request, input, plan),
})
