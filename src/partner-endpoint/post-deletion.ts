import { PayloadValidationError } from '../contract/errors'
import type { PartnerMessage } from './partner-request'
import { postMessage, type Request } from './post-message'
import type { PartnerAccount } from './settings'

/** The message of a user deletion, with the members that Segment documents; all times are the present. */
export function deletionMessage(userId: string, at: Date, id: string): PartnerMessage {
  const now = at.toISOString()
  return {
    type: 'delete',
    channel: 'server',
    messageId: `delete-${id}`,
    userId,
    context: {},
    integrations: {},
    receivedAt: now,
    sentAt: now,
    originalTimestamp: now,
    timestamp: now,
  }
}

/**
 * Posts the deletion of a user to the partner's endpoint. Deletions name users by `userId` alone.
 * @throws PayloadValidationError without a user id.
 */
export async function postDeletion(request: Request, account: PartnerAccount, userId: unknown) {
  if (typeof userId !== 'string' || userId === '')
    throw new PayloadValidationError('a deletion needs a userId')
  return postMessage(request, account, deletionMessage(userId, new Date(), crypto.randomUUID()))
}
