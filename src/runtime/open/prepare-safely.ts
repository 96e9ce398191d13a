import type { SegmentEvent } from '../../event'
import { InvalidPayload } from '../../pipeline/prepare'
import type { OpenSubscription } from './open-subscription'

/** A value that cannot even be looked at (a throwing getter, say) is this event's fault, and no other event's. */
export function prepareSafely({ preparation, batch }: OpenSubscription, event: SegmentEvent): unknown {
  try {
    return batch === undefined ? preparation.prepare(event) : preparation.prepareInBatch(event)
  } catch (error) {
    return new InvalidPayload([], `The payload could not be made: ${(error as Error).message}.`)
  }
}
