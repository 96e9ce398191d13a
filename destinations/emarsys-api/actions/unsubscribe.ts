import { defineAction, defineFields, type FieldsOf, type ItemResponse, path } from 'waybill'
import type { Connection } from '../api'
import { byKey, keyFieldOf, keyValueOf, simpleCall, upsertContacts } from '../contacts'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { batchFields, fieldPicker, keyFields, messageFields } from '../fields'
import { settings } from '../settings'
import { optInField } from '../values'

const fields = defineFields({
  ...keyFields,
  campaign_id: {
    label: 'Email campaign',
    description:
      'The campaign whose mail led to it; then Emarsys counts it as an unsubscribe of that mailing too.',
    type: 'string',
    default: path('$.properties.campaign_id'),
  },
  ...messageFields,
  ...batchFields,
})

type Payload = FieldsOf<typeof fields>
type Body = { readonly key: string; readonly campaign: string | undefined }

const emailField = '3'

/** Field 31 says whether somebody may be written to; `email/unsubscribe` says of which mailing they had enough. */
async function unsubscribeMailing(connection: Connection, { key, campaign }: Body): Promise<ItemResponse> {
  return simpleCall(connection, 'email/unsubscribe', { email: key, email_id: campaign }, 'upsert')
}

const plan: Plan<Payload, Body> = {
  bodyOf: (payload) => ({ key: keyValueOf(payload), campaign: payload.campaign_id }),
  groupOf: (payload, settings) => keyFieldOf(payload, settings),
  send: (connection, items) => {
    const field = keyFieldOf((items[0] as (typeof items)[0]).payload, connection.settings)
    return byKey(
      items,
      async (bodies) => {
        const rows = bodies.map(({ key }) => ({ key, fields: { [optInField]: '2' } }))
        const responses = await upsertContacts(connection, field, rows)
        for (const [index, body] of bodies.entries())
          if (body.campaign !== undefined && field === emailField && (responses[index]?.status ?? 500) < 300)
            responses[index] = await unsubscribeMailing(connection, body)
        return responses
      },
      (one, other) => ({ key: one.key, campaign: other.campaign ?? one.campaign }),
    )
  },
}

/** Opts a contact out. */
export const unsubscribe = defineAction({
  settings,
  title: 'Unsubscribe',
  description: 'Set the opt-in of a contact to no, and count it for the mailing where that is known.',
  defaultSubscription: 'type = "track" and event = "Unsubscribed"',
  fields,
  dynamicFields: { key_field: fieldPicker },
  perform: (request, input) => deliver(request, input, plan),
  performBatch: (request, input) => deliverBatch(request, input, plan),
})
