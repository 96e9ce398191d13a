import { defineAction, path } from 'waybill'
import { address } from '../api'
import { settings } from '../settings'

/** `POST /v1/record-event`: say what the vendor does with it. */
export const recordEvent = defineAction({
  settings,
  title: 'Record Event',
  description: 'Send an event with its properties.',
  defaultSubscription: 'type = "track"',
  fields: {
    user_id: {
      label: 'User ID',
      description: 'The id of the user in your system.',
      type: 'string',
      default: path('$.userId'),
    },
    anonymous_id: {
      label: 'Anonymous ID',
      description: 'Tells visitors apart who have no user ID yet.',
      type: 'string',
      default: path('$.anonymousId'),
    },
    event: {
      label: 'Event',
      description: 'Its name, sent as it is. At most 200 characters.',
      type: 'string',
      required: true,
      maximum: 200,
      default: path('$.event'),
    },
    properties: {
      label: 'Properties',
      description: 'Sent as they are.',
      type: 'object',
      default: path('$.properties'),
    },
    timestamp: {
      label: 'Timestamp',
      description: 'When it happened.',
      type: 'datetime',
      default: path('$.timestamp'),
    },
    message_id: {
      label: 'Message ID',
      description: 'By which the vendor recognizes a repeated call.',
      type: 'string',
      default: path('$.messageId'),
    },
  },
  perform: (request, { payload: { message_id, ...body }, settings, idempotencyKey = message_id }) =>
    request(address(settings, '/v1/record-event'), {
      method: 'post',
      headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
      json: body,
    }),
})
