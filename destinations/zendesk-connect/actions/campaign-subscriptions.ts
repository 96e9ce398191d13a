import { defineAction, defineFields } from 'waybill'
import { connectCall } from '../api'
import { identityFields, messageFields } from '../fields'
import { settings } from '../settings'
import { requireId } from '../user'

const subscriptionFields = defineFields({
  ...identityFields,
  campaign_ids: {
    label: 'Campaigns',
    description: 'Ids of the campaigns; empty for all.',
    type: 'string',
    multiple: true,
  },
  ...messageFields,
})

type SubscriptionPayload = {
  user_id?: string
  anonymous_id?: string
  campaign_ids?: string[]
  message_id?: string
}

/** The call for some campaigns, or for all. */
function subscriptionCall(verb: 'subscribe' | 'unsubscribe', payload: SubscriptionPayload) {
  const user_id = requireId(payload)
  const campaigns = payload.campaign_ids ?? []
  return campaigns.length === 0
    ? { path: `/v2/${verb}/all`, body: { user_id } }
    : { path: `/v2/${verb}/campaigns`, body: { user_id, campaign_ids: campaigns } }
}

/** `POST /v2/subscribe/all` or `/v2/subscribe/campaigns`. */
export const subscribe = defineAction({
  settings,
  title: 'Subscribe',
  description: 'Opt a user in to some campaigns, or to all.',
  defaultSubscription: 'type = "track" and event = "Subscribed"',
  fields: subscriptionFields,
  perform: (request, { payload, settings, idempotencyKey }) => {
    const { path, body } = subscriptionCall('subscribe', payload)
    return connectCall(request, path, body, { settings, payload, idempotencyKey }, path)
  },
})

/** `POST /v2/unsubscribe/all` or `/v2/unsubscribe/campaigns`. */
export const unsubscribe = defineAction({
  settings,
  title: 'Unsubscribe',
  description: 'Opt a user out of some campaigns, or of all.',
  defaultSubscription: 'type = "track" and event = "Unsubscribed"',
  fields: subscriptionFields,
  perform: (request, { payload, settings, idempotencyKey }) => {
    const { path, body } = subscriptionCall('unsubscribe', payload)
    return connectCall(request, path, body, { settings, payload, idempotencyKey }, path)
  },
})
