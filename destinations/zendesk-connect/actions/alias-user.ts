import { defineAction, firstOf, PayloadValidationError, path } from 'waybill'
import { connectCall } from '../api'
import { messageFields } from '../fields'
import { settings } from '../settings'
import { firstIdentifier, identifier } from '../values'

/** Connect has no alias call: an identify with `previous_id` joins the two users. */
export const aliasUser = defineAction({
  settings,
  title: 'Alias User',
  description:
    'Join what was recorded under an anonymous or older id to the user: from then on the old id means the new one.',
  defaultSubscription: 'type = "alias"',
  fields: {
    user_id: {
      label: 'New ID',
      description: 'The id that stays.',
      type: 'string',
      required: true,
      default: firstOf('$.userId', '$.to'),
    },
    previous_id: {
      label: 'Previous ID',
      description: 'The id that is replaced.',
      type: 'string',
      default: firstOf('$.previousId', '$.from'),
    },
    anonymous_id: {
      label: 'Anonymous ID',
      description: 'Taken for the previous id where there is none, as analytics.js fills it.',
      type: 'string',
      default: path('$.anonymousId'),
    },
    ...messageFields,
  },
  perform: (request, { payload, settings, idempotencyKey, notes }) => {
    const user_id = identifier(payload.user_id)
    const previous_id = firstIdentifier(payload.previous_id, payload.anonymous_id)
    if (user_id === undefined || previous_id === undefined)
      throw new PayloadValidationError('An alias needs a new ID and a previous ID.')
    if (user_id === previous_id) {
      notes?.nothingToSend('the previous ID is the new ID')
      return undefined
    }
    return connectCall(
      request,
      '/v2/identify',
      { user_id, previous_id },
      { settings, payload, idempotencyKey },
    )
  },
})
