import type { ActionDefinition, DestinationDefinition } from '@segment/actions-core'

/** What a destination's `onDelete` gets as its payload. */
const deletionFields = {
  userId: {
    label: 'User ID',
    description: 'The user to delete.',
    type: 'string',
    required: { conditions: [{ fieldKey: 'anonymousId', operator: 'is', value: undefined }] },
    default: { '@path': '$.userId' },
  },
  anonymousId: {
    label: 'Anonymous ID',
    description: 'The anonymous person to delete.',
    type: 'string',
    default: { '@path': '$.anonymousId' },
  },
} as const

/** The name under which deletions appear in outcomes and totals, and the slug of their action. */
export const deletionSlug = 'onDelete'

/** The subscription of `delete` events to a destination's `onDelete`. */
export const deletionSubscription = {
  name: deletionSlug,
  action: deletionSlug,
  filter: 'type = "delete"',
  isPreset: true,
} as const

/** `onDelete` in the shape of an action, so that deletions are ordered, retried and told like everything else. */
export function deletionAction(
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  { onDelete }: DestinationDefinition<any>,
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
): ActionDefinition<any> | undefined {
  if (onDelete === undefined) return undefined
  return {
    title: 'Delete',
    description: 'Deletes what the destination holds of a person.',
    fields: deletionFields as never,
    perform: onDelete as never,
  }
}
