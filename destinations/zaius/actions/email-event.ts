import { defineAction, path } from 'waybill'
import { deliver, deliverBatch } from '../deliver'
import { type BodyContext, type EventPayload, type EventSettings, eventObject } from '../event-object'
import { firstPresent } from '../first-present'
import { type EmailSettings, emailAction } from '../rules/email-action'
import { settings } from '../settings'
import { batchFields, eventFields, identifierFields, messageFields } from '../shared-fields'

type EmailPayload = EventPayload & {
  action: string
  bounce_type?: string
  target_address: string
  campaign?: string
  campaign_id?: string
}

function emailBody(payload: EmailPayload, context: BodyContext<EventSettings & EmailSettings>) {
  const { target_address, campaign, campaign_id } = payload
  return eventObject(
    {
      type: 'email',
      action: emailAction(payload.action, payload.bounce_type, context.settings),
      identifiers: { email: target_address },
      own: {
        target_address,
        ...(campaign === undefined ? {} : { campaign }),
        ...(campaign_id === undefined ? {} : { campaign_id }),
      },
    },
    payload,
    context,
  )
}

/** `POST /v3/events` of the type `email`, about the recipient of a message. */
export const emailEvent = defineAction({
  settings,
  title: 'Email Event',
  description: 'Send what became of an email: opened, clicked, bounced, reported as spam and so on.',
  defaultSubscription: 'type = "track" and event = "Email Opened"',
  fields: {
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
      default: firstPresent('$.context.traits.email', '$.properties.email'),
    },
    campaign: {
      label: 'Campaign',
      description: 'Name of the campaign.',
      type: 'string',
      default: firstPresent('$.properties.campaign_name', '$.properties.campaign'),
    },
    campaign_id: {
      label: 'Campaign ID',
      description: 'Id of the campaign.',
      type: 'string',
      default: path('$.properties.campaign_id'),
    },
    bounce_type: {
      label: 'Kind of bounce',
      description: 'A hard bounce whose kind says soft is sent as soft_bounce.',
      type: 'string',
      default: path('$.properties.bounce_type'),
    },
    ...identifierFields,
    ...eventFields,
    ...messageFields,
    ...batchFields,
  },
  perform: (request, input) => deliver(request, '/events', input, emailBody),
  performBatch: (request, input) => deliverBatch(request, '/events', input, emailBody),
})
