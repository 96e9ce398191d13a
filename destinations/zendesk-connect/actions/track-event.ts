import { defineAction, path } from 'waybill'
import { connectCall, dropper, sendBatch } from '../api'
import { eventBody, maxEventLength } from '../event'
import { batchFields, identityFields, messageFields, timeFields } from '../fields'
import { settings } from '../settings'

/** `POST /v2/track`: records an event, which may trigger campaigns and count for goals. */
export const trackEvent = defineAction({
  settings,
  title: 'Track Event',
  description:
    'Record an event with its properties. Events trigger campaigns, filter them and count for goals.',
  defaultSubscription: 'type = "track"',
  fields: {
    ...identityFields,
    event: {
      label: 'Event',
      description:
        'The name, sent as it is: a name defined in Connect has to match exactly. At most 200 characters.',
      type: 'string',
      required: true,
      maximum: maxEventLength,
      default: path('$.event'),
    },
    properties: {
      label: 'Properties',
      description: 'Sent as they are.',
      type: 'object',
      default: path('$.properties'),
    },
    ...timeFields,
    ...messageFields,
    ...batchFields,
  },
  perform: (request, { payload, settings, idempotencyKey, notes }) =>
    connectCall(
      request,
      '/v2/track',
      eventBody(payload, payload.event, payload.properties ?? {}, dropper(notes)),
      { settings, payload, idempotencyKey },
    ),
  performBatch: (request, input) =>
    sendBatch(request, '/v2/track', input, (payload, dropped) =>
      eventBody(payload, payload.event, payload.properties ?? {}, dropped),
    ),
})
