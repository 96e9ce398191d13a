import { defineAction, defineFields, type FieldsOf, firstOf, path, template } from 'waybill'
import { deliver, deliverBatch, type ObjectContext } from '../api'
import { emailAction, eventObject } from '../event'
import { batchFields, eventFields, eventPickers, identifierFields, messageFields } from '../fields'
import { settings } from '../settings'

const fields = defineFields({
  action: {
    label: 'Event action',
    description:
      'sent, delivery, open, click, hard_bounce, soft_bounce, spamreport, unsubscribe or abort. Spam reports and hard bounces are spelled as the settings say.',
    type: 'string',
    required: true,
    default: 'open',
  },
  target_address: {
    label: 'Recipient',
    description: 'The email address that the message went to; also identifies the customer.',
    type: 'string',
    required: true,
    default: firstOf('$.context.traits.email', '$.properties.email'),
  },
  bounce_type: {
    label: 'Kind of bounce',
    description: 'A hard bounce whose kind says soft is sent as soft_bounce.',
    type: 'string',
    // A template makes text of anything: a kind that is none does no harm to the event.
    default: template('{{properties.bounce_type}}'),
  },
  ...identifierFields,
  ...eventFields,
  fields: { ...eventFields.fields, default: { campaign: path('$.properties.campaign_name') } },
  ...messageFields,
  ...batchFields,
})

const emailBody = (payload: FieldsOf<typeof fields>, context: ObjectContext) =>
  eventObject(
    {
      type: 'email',
      action: emailAction(payload.action, payload.bounce_type, context.settings),
      identifiers: { email: payload.target_address },
      own: { target_address: payload.target_address },
    },
    payload,
    context,
  )

/** `POST /v3/events` of the type `email`, about the recipient of a message. */
export const emailEvent = defineAction({
  settings,
  title: 'Email Event',
  description: 'Send what became of an email: opened, clicked, bounced, reported as spam and so on.',
  defaultSubscription: 'type = "track" and event = "Email Opened"',
  fields,
  dynamicFields: eventPickers,
  perform: (request, input) => deliver(request, '/events', input, emailBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, emailBody),
})
