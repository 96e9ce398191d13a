import { defineAction, path } from 'waybill'
import { connectCall, dropper, sendBatch } from '../api'
import { batchFields, identityFields, messageFields } from '../fields'
import { settings } from '../settings'
import { userBody } from '../user'

/** `POST /v2/identify`: creates or updates a user. */
export const identifyUser = defineAction({
  settings,
  title: 'Identify User',
  description:
    'Create or update a user: contact data at the top level, every other trait as an attribute, the push token of the device.',
  defaultSubscription: 'type = "identify"',
  fields: {
    ...identityFields,
    traits: {
      label: 'Traits',
      description:
        'Names, e-mail address, phone number and time zone become fields of the user; all other traits become attributes.',
      type: 'object',
      default: path('$.traits'),
    },
    context: {
      label: 'Context',
      description: 'Where the device, its push token and the time zone are read from.',
      type: 'object',
      default: path('$.context'),
    },
    ...messageFields,
    ...batchFields,
  },
  perform: (request, { payload, settings, idempotencyKey, notes }) =>
    connectCall(request, '/v2/identify', userBody(payload, settings, dropper(notes)), {
      settings,
      payload,
      idempotencyKey,
    }),
  performBatch: (request, input) =>
    sendBatch(request, '/v2/identify', input, (payload, dropped) =>
      userBody(payload, input.settings, dropped),
    ),
})
