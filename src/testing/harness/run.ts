import { createRuntime, type SegmentEvent, type SubscriptionConfiguration } from 'waybill'
import { createRandom } from '../events/random'
import type { Exchange } from './exchange'
import { createSteppingClock, inFrozenWorld } from './frozen-world'
import type { AnyDestination } from './harness-options'
import { createRecorder } from './recorder'
import { type Reply, type ReplyRule, replyBy } from './reply'

/** Events that go through one subscription. */
export type Run = {
  readonly title?: string
  readonly events: readonly SegmentEvent[]
  readonly subscription: SubscriptionConfiguration
  /** What every request is answered instead of what the vendor's rules say. */
  readonly reply?: Reply
}

/** Where a run takes place. */
export type Stage = {
  readonly definition: AnyDestination
  readonly settings: Readonly<Record<string, unknown>>
  readonly replies: readonly ReplyRule[]
}

/** Carries a run out on waybill's runtime, with a recorder instead of a network and with time standing still. */
export const runOnWaybill = (stage: Stage, run: Run): Promise<Exchange> =>
  inFrozenWorld('waybill', async () => {
    const recorder = createRecorder(({ method, url }) => run.reply ?? replyBy(stage.replies, method, url))
    const runtime = createRuntime({
      connections: [
        {
          destination: stage.definition,
          settings: stage.settings,
          subscriptions: [run.subscription],
          // One request at a time, so that their order is no chance.
          limits: { concurrency: 1 },
        },
      ],
      fetch: recorder.fetch,
      clock: createSteppingClock(),
      random: createRandom('jitter').fraction,
    })
    const outcomes = await runtime.send(run.events)
    await runtime.close()
    return {
      ...(run.title === undefined ? {} : { title: run.title }),
      calls: recorder.calls,
      outcomes,
    }
  })
