import type { OpenSubscription } from '../open/open-subscription'
import { type Batcher, createBatcher } from './batch'
import type { DispatchContext } from './dispatcher'
import type { OpenDelivery } from './open-delivery'

/** The batches of one connection: a batcher for each subscription that has them. */
export type Batches = {
  /** `isFresh`: its caller says when no more come; else the batch is closed soon. */
  add(delivery: OpenDelivery, isFresh: boolean): void
  take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[]
  /** No batch of the subscription holds more than this from now on. */
  shrink(subscription: OpenSubscription, maxCount: number): void
}

export function createBatches(
  context: DispatchContext,
  release: (deliveries: readonly OpenDelivery[]) => void,
): Batches {
  const batchers = new Map<OpenSubscription, Batcher>()

  const batcherOf = (subscription: OpenSubscription): Batcher => {
    let batcher = batchers.get(subscription)
    if (batcher === undefined) {
      const { batch, batchKeys } = subscription
      const policy = batch as NonNullable<OpenSubscription['batch']>
      batcher = createBatcher({ policy, batchKeys, release, after: context.clock.after })
      batchers.set(subscription, batcher)
    }
    return batcher
  }

  return {
    add(delivery, isFresh) {
      const batcher = batcherOf(delivery.subscription)
      batcher.add(delivery)
      if (batcher.waiting === 0) return
      if (!isFresh) context.flushSoon(batcher)
      else if (batcher.waiting === 1) context.noteCompany(batcher)
    },
    take(test) {
      const taken: OpenDelivery[] = []
      for (const batcher of batchers.values()) taken.push(...batcher.take(test))
      return taken
    },
    shrink: (subscription, maxCount) => batchers.get(subscription)?.shrink(maxCount),
  }
}
