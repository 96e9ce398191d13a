import type { Values } from './values'

/** An event as it is stored. Nothing of it changes any more but whom it belongs to, when customers merge. */
export type StoredEvent = {
  readonly type: string
  readonly action?: string
  readonly fields: Values
  /** ISO 8601. */
  readonly ts: string
  /** Whether it counts towards the account's monthly active users. */
  readonly activeEvent: boolean
  /** The customer at the time of writing; `Account` shows the one of now. */
  readonly zaiusId: string
}

const passiveTypes = new Set(['customer_discovered', 'campaign', 'consent', 'reachability', 'list'])

/** What the vendor takes when the sender does not say: engagement counts, what is done to people does not. */
function isActive(type: string, action: string | undefined): boolean {
  if (passiveTypes.has(type)) return false
  return !(type === 'email' || type === 'push') || action === 'open' || action === 'click'
}

/** A new event; frozen, members of members included. */
export function storedEvent(
  type: string,
  action: string | undefined,
  fields: Values,
  ts: number,
  zaiusId: string,
): StoredEvent {
  const { active_event } = fields
  return Object.freeze({
    type,
    ...(action === undefined ? {} : { action }),
    fields: Object.freeze(structuredClone(fields)),
    ts: new Date(ts).toISOString(),
    activeEvent: typeof active_event === 'boolean' ? active_event : isActive(type, action),
    zaiusId,
  })
}
