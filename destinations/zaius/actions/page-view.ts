import { defineAction, path } from 'waybill'
import { type BodyContext, deliver, deliverBatch } from '../deliver'
import { type EventPayload, eventObject } from '../event-object'
import { firstPresent } from '../first-present'
import { settings } from '../settings'
import { batchFields, eventFields, identifierFields, messageFields } from '../shared-fields'

const pageBody = (payload: EventPayload, context: BodyContext) =>
  eventObject({ type: 'pageview' }, payload, context)

/** `POST /v3/events` of the type `pageview`, the one standard event without an action. */
export const pageView = defineAction({
  settings,
  title: 'Page View',
  description: 'Send that a page was seen.',
  defaultSubscription: 'type = "page"',
  fields: {
    ...identifierFields,
    ...eventFields,
    fields: {
      ...eventFields.fields,
      default: {
        page: firstPresent('$.properties.path', '$.context.page.path'),
        title: firstPresent('$.properties.title', '$.context.page.title'),
        hostname: firstPresent('$.properties.url', '$.context.page.url'),
        referrer: firstPresent('$.properties.referrer', '$.context.referrer.url', '$.context.page.referrer'),
        search_term: firstPresent('$.properties.search', '$.context.page.search'),
        category: firstPresent('$.properties.category', '$.category'),
        name: path('$.name'),
      },
    },
    ...messageFields,
    ...batchFields,
  },
  perform: (request, input) => deliver(request, '/events', input, pageBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, pageBody),
})
