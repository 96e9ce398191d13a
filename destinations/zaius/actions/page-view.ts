import { defineAction, firstOf, path } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { type EventPayload, eventObject } from '../event'
import { batchFields, eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { settings } from '../settings'

const pageBody = (payload: EventPayload, context: ObjectContext) =>
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
        page: firstOf('$.properties.path', '$.context.page.path'),
        title: firstOf('$.properties.title', '$.context.page.title'),
        hostname: firstOf('$.properties.url', '$.context.page.url'),
        referrer: firstOf('$.properties.referrer', '$.context.referrer.url', '$.context.page.referrer'),
        search_term: firstOf('$.properties.search', '$.context.page.search'),
        category: firstOf('$.properties.category', '$.category'),
        name: path('$.name'),
      },
    },
    ...messageFields,
    ...batchFields,
  },
  dynamicFields: eventPickers,
  perform: (request, input) => deliver(request, '/events', input, pageBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, pageBody),
})
