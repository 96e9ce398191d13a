import { defineAction, defineFields, type FieldsOf, path } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { cartContents, eventObject } from '../event'
import { batchFields, eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { settings } from '../settings'
import { snakeCase } from '../values'

const fields = defineFields({
  type: {
    label: 'Event type',
    description: 'A standard type of ODP, such as navigation, or the name of a custom event.',
    type: 'string',
    required: true,
    default: path('$.event'),
  },
  action: {
    label: 'Event action',
    description: 'What was done, within the type.',
    type: 'string',
    default: 'track',
  },
  ...identifierFields,
  ...eventFields,
  ...messageFields,
  ...batchFields,
})

/** Names without letters and digits all become this type, as in Segment's own presets for ODP. */
const namelessType = 'custom'

/** Types of events that hold a whole cart. */
const cartTypes: ReadonlySet<string> = new Set(['cart', 'checkout'])

function trackBody(payload: FieldsOf<typeof fields>, context: ObjectContext) {
  const isUnchanged = context.settings.customEventNames === 'unchanged'
  const type = isUnchanged ? payload.type : snakeCase(payload.type) || namelessType
  const cart =
    context.settings.cartContents && cartTypes.has(type) ? cartContents(payload.properties) : undefined
  return eventObject(
    { type, action: payload.action ?? 'track', ...(cart && { own: cart, taken: ['products'] }) },
    payload,
    context,
  )
}

/** `POST /v3/events` of any type: what has no action of its own, and custom events. */
export const trackEvent = defineAction({
  settings,
  title: 'Track Event',
  description: 'Send an event with its properties; the name of the event becomes its type.',
  defaultSubscription: 'type = "track"',
  fields,
  dynamicFields: eventPickers,
  perform: (request, input) => deliver(request, '/events', input, trackBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, trackBody),
})
