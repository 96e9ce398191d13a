import { defineAction, defineFields, type FieldsOf, path } from 'waybill'
import { byKey, keyFieldOf, keyValueOf } from '../contacts'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { eventTimeOf, type Trigger, triggerEvents, triggerIdOf } from '../events'
import { batchFields, eventPicker, fieldPicker, keyFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  event_id: {
    label: 'External event',
    description: 'The event of Emarsys that is started.',
    type: 'integer',
    required: true,
    dynamic: true,
  },
  ...keyFields,
  data: {
    label: 'Data',
    description:
      'What programs and mails can use. An object of up to 1 MB; above 100 kB, Interactions leaves it out.',
    type: 'object',
    default: path('$.properties'),
  },
  timestamp: {
    label: 'Time',
    description: 'When it happened; Interactions alone uses it.',
    type: 'datetime',
    default: path('$.timestamp'),
  },
  create_if_missing: {
    label: 'Create missing contacts',
    description:
      'Create a contact that is not there, and start the event then. Off: such an event is rejected (2008).',
    type: 'boolean',
    default: false,
  },
  ...messageFields,
  ...batchFields,
})

type Payload = FieldsOf<typeof fields>

const maxDataBytes = 1_000_000

const plan: Plan<Payload, Trigger> = {
  bodyOf: (payload, { key, dropped }) => {
    const data = payload.data as Record<string, unknown> | undefined
    const isTooLong = data !== undefined && Buffer.byteLength(JSON.stringify(data)) > maxDataBytes
    if (isTooLong) dropped('data', 'longer than the 1 MB that Emarsys takes')
    const eventTime = eventTimeOf(payload.timestamp)
    if (eventTime === undefined && payload.timestamp !== undefined)
      dropped('event_time', 'no time that can be read')
    return {
      key: keyValueOf(payload),
      ...(data === undefined || isTooLong ? {} : { data }),
      ...(eventTime === undefined ? {} : { eventTime }),
      ...(key === undefined ? {} : { triggerId: triggerIdOf(payload.event_id, key) }),
    }
  },
  groupOf: (payload, settings) =>
    JSON.stringify([payload.event_id, keyFieldOf(payload, settings), payload.create_if_missing === true]),
  send: (connection, items) => {
    const { payload } = items[0] as (typeof items)[0]
    return byKey(items, (triggers) =>
      triggerEvents(
        connection,
        payload.event_id,
        keyFieldOf(payload, connection.settings),
        triggers,
        payload.create_if_missing === true,
      ),
    )
  },
}

/** `POST event/{id}/trigger`: starts the programs and mails that wait for an external event. */
export const triggerEvent = defineAction({
  settings,
  title: 'Trigger External Event',
  description: 'Start the programs and mails that are attached to an external event, for one contact.',
  defaultSubscription: 'type = "track"',
  fields,
  dynamicFields: { event_id: eventPicker, key_field: fieldPicker },
  perform: (request, input) => deliver(request, input, plan),
  performBatch: (request, input) => deliverBatch(request, input, plan),
})
