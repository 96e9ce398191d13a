import { defineAction, firstOf, path } from 'waybill'
import { connectCall, dropper } from '../api'
import { eventBody } from '../event'
import { identityFields, messageFields, timeFields } from '../fields'
import { settings } from '../settings'
import { text } from '../traits'

/** A page view as an event. The catalog lists page as unsupported, so no preset uses this action. */
export const trackPage = defineAction({
  settings,
  title: 'Track Page',
  description:
    'Record a page view as the event "[Segment Page] " and the name of the page, or its address without one.',
  defaultSubscription: 'type = "page"',
  fields: {
    ...identityFields,
    name: {
      label: 'Page name',
      description: 'The name of the page.',
      type: 'string',
      default: path('$.name'),
    },
    category: {
      label: 'Category',
      description: 'The category of the page.',
      type: 'string',
      default: path('$.category'),
    },
    url: {
      label: 'Address',
      description: 'Stands for the name where there is none.',
      type: 'string',
      default: firstOf('$.properties.url', '$.context.page.url'),
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
    const { referrer, ...others } = payload.properties ?? {}
    const properties = {
      ...others,
      ...(settings.trackReferrer && referrer !== undefined ? { referrer } : {}),
      ...(payload.name === undefined ? {} : { name: payload.name }),
      ...(payload.category === undefined ? {} : { category: payload.category }),
    }
    const title = text(payload.name) ?? text(payload.url)
    return connectCall(
      request,
      '/v2/track',
      eventBody(
        payload,
        title === undefined ? '[Segment Page]' : `[Segment Page] ${title}`,
        properties,
        dropper(notes),
      ),
      { settings, payload, idempotencyKey },
    )
  },
})
