import { createMultiStatus, defineAction, path, postMessage, postMessages } from 'waybill'
import { settings } from '../settings'

/** Page, screen, identify and track calls have identical behavior: the add-on gets each message whole. */
export const send = defineAction({
  settings,
  title: 'Send Message',
  description:
    'Send the message to the segment.com add-on, which updates its users table and applies your data maps and rules.',
  defaultSubscription: 'type = "identify" or type = "track" or type = "page" or type = "screen"',
  fields: {
    message: {
      label: 'Message',
      description:
        'What the add-on gets. The whole message by default; data maps and rules refer to its members by their names, so leave it as it is.',
      type: 'object',
      required: true,
      default: path('$.'),
    },
    enable_batching: {
      label: 'Send in batches',
      description:
        'Hand over messages in batches. The add-on takes one message per request either way, so this saves nothing but calls of the action.',
      type: 'boolean',
      default: false,
      unsafe_hidden: true,
    },
  },
  perform: (request, { payload, settings }) => postMessage(request, settings, payload.message),
  performBatch: (request, input) =>
    postMessages(
      request,
      input.settings,
      input.payload.map(({ message }) => message),
      createMultiStatus(input),
    ),
})
