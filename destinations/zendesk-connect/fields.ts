import { defineFields, path } from 'waybill'

/** Who the event is about. Connect knows one id per user; without a user id the anonymous id takes its place. */
export const identityFields = defineFields({
  user_id: {
    label: 'User ID',
    description: 'The id of the user in your system. Should not change over the life of a user.',
    type: 'string',
    default: path('$.userId'),
  },
  anonymous_id: {
    label: 'Anonymous ID',
    description: 'Used as the id where there is no user ID.',
    type: 'string',
    default: path('$.anonymousId'),
  },
})

/** By what Connect recognizes a repeated call. */
export const messageFields = defineFields({
  message_id: {
    label: 'Message ID',
    description: 'Unique per message. Connect drops a call that it has already processed under the same id.',
    type: 'string',
    default: path('$.messageId'),
  },
})

/** When it happened; the first time that can be read is sent, in whole seconds. */
export const timeFields = defineFields({
  timestamp: {
    label: 'Timestamp',
    description: 'When it happened: ISO 8601, or seconds or milliseconds since the epoch.',
    type: 'string',
    default: path('$.timestamp'),
  },
  original_timestamp: {
    label: 'Original timestamp',
    description: 'Used when the timestamp cannot be read.',
    type: 'string',
    default: path('$.originalTimestamp'),
  },
  received_at: {
    label: 'Received at',
    description: 'Used when the other two cannot be read.',
    type: 'string',
    default: path('$.receivedAt'),
  },
})

/** Whether events travel together. */
export const batchFields = defineFields({
  enable_batching: {
    label: 'Send in batches',
    description:
      'Send up to 100 events in one call. A batch that is refused is sent again one by one, so that one bad event does not take the others down.',
    type: 'boolean',
    default: false,
  },
  batch_size: {
    label: 'Batch size',
    description: 'Most events in a call. The API takes 100.',
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 100,
    unsafe_hidden: true,
  },
})
