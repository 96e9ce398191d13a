import { defineAction, path } from 'waybill'
import { connectCall, dropper } from '../api'
import { eventBody } from '../event'
import { identityFields, messageFields, timeFields } from '../fields'
import { settings } from '../settings'
import { text } from '../traits'

/** A screen view as an event. The catalog lists screen as unsupported, so no preset uses this action. */
export const trackScreen = defineAction({
  settings,
  title: 'Track Screen',
  description: 'Record a screen view as the event "[Segment Screen] " and the name of the screen.',
  defaultSubscription: 'type = "screen"',
  fields: {
    ...identityFields,
    name: {
      label: 'Screen name',
      description: 'The name of the screen.',
      type: 'string',
      default: path('$.name'),
    },
    properties: {
      label: 'Properties',
      description: 'Sent as they are.',
      type: 'object',
      default: path('$.properties'),
    },
    ...timeFields,
    ...messageFields,
  },
  perform: (request, { payload, settings, idempotencyKey, notes }) => {
    const name = text(payload.name)
    const properties = {
      ...payload.properties,
      ...(payload.name === undefined ? {} : { name: payload.name }),
    }
    return connectCall(
      request,
      '/v2/track',
      eventBody(
        payload,
        name === undefined ? '[Segment Screen]' : `[Segment Screen] ${name}`,
        properties,
        dropper(notes),
      ),
      { settings, payload, idempotencyKey },
    )
  },
})
