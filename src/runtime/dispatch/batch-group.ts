import type { OpenSubscription } from '../open/open-subscription'
import type { Item } from './item'

/**
 * By what the items of a batch must agree: the payload keys that the mapping names as `batch_keys`, and the
 * audience that an Engage event is about, since an action reads the audience once per batch.
 */
export function batchGroup(subscription: OpenSubscription): (item: Item) => string {
  const { batchKeys } = subscription
  return ({ payload, event }) => {
    const audience = (event.context?.personas as { computation_key?: unknown } | undefined)?.computation_key
    if (batchKeys.length === 0) return typeof audience === 'string' ? audience : ''
    const values = batchKeys.map((key) => (payload as Record<string, unknown>)[key] ?? null)
    return JSON.stringify([audience ?? null, ...values])
  }
}
