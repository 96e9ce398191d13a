import { defineAction, firstOf, PayloadValidationError, path } from 'waybill'
import { connectCall, dropper } from '../api'
import { identityFields, messageFields } from '../fields'
import { settings } from '../settings'
import { requireId } from '../user'
import { identifier, jsonValues } from '../values'

/** Group fields of an identify. Older guides have them, later ones do not, so no preset uses this action. */
export const groupUser = defineAction({
  settings,
  title: 'Group User',
  description: "Make a user a member of a group. Members inherit the group's attributes.",
  defaultSubscription: 'type = "group"',
  fields: {
    ...identityFields,
    group_id: {
      label: 'Group ID',
      description: 'The id of the group.',
      type: 'string',
      required: true,
      default: firstOf('$.groupId', '$.context.groupId'),
    },
    traits: {
      label: 'Group traits',
      description: 'Become the attributes of the group; its id is left out.',
      type: 'object',
      default: path('$.traits'),
    },
    ...messageFields,
  },
  perform: (request, { payload, settings, idempotencyKey, notes }) => {
    const group_id = identifier(payload.group_id)
    if (group_id === undefined) throw new PayloadValidationError('A group ID is required.')
    const { id: _id, ...traits } = payload.traits ?? {}
    const group_attributes = jsonValues(traits, 'group_attributes', dropper(notes))
    return connectCall(
      request,
      '/v2/identify',
      {
        user_id: requireId(payload),
        group_id,
        ...(Object.keys(group_attributes).length === 0 ? {} : { group_attributes }),
      },
      { settings, payload, idempotencyKey },
    )
  },
})
