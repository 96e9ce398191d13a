import type { SegmentEvent } from '../../event'

/** Namespace of the UUIDs that waybill derives. Part of the contract: changing it breaks de-duplication. */
const namespace = 'b1f4a5c2-3d70-5e8e-9a41-7c2f6d0e5b18'

const nameBasedUuid = (name: string): string => (require('uuid') as typeof import('uuid')).v5(name, namespace)

/**
 * The key under which a destination may recognize a repeated call. It depends on the event, the subscription and
 * the action alone, so it survives retries, regrouping and a restart.
 *
 * The first subscription that an event matches gets the message id itself, which is what a definition falls back
 * to on other runtimes; each further one gets a UUID of its own, so that two requests that stem from one message
 * are never taken for each other. An event without message id is identified by its content.
 */
export function idempotencyKey(event: SegmentEvent, isFirstMatch: boolean, subscription: string): string {
  const messageId: unknown = event?.messageId
  const message =
    typeof messageId === 'string' && messageId !== '' ? messageId : nameBasedUuid(contentOf(event))
  return isFirstMatch ? message : nameBasedUuid(`${message}\n${subscription}`)
}

/** An event that cannot be written down (nested too deeply, say) is known by what stands in it directly. */
function contentOf(event: SegmentEvent): string {
  try {
    return String(JSON.stringify(event))
  } catch {
    return JSON.stringify(Object.entries(event).filter(([, value]) => typeof value === 'string'))
  }
}
